// Instants of requests: whole milliseconds that a Timestamp can say again.
import { create, toJson } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { fromProtoRequestedTimestamp, toProtoTimestamp } from './instant.ts';

const last = create(TimestampSchema, { seconds: 253_402_300_799n, nanos: 999_999_900 });

describe('the last instant of the calendar', () => {
  it.each(['up', 'down'] as const)('stays in the year 9999 when it is rounded %s', (round) => {
    const parsed = fromProtoRequestedTimestamp(last, { field: 'valid_from', round });
    if (parsed.kind === 'refused') throw new Error(parsed.message);
    const shown = toJson(TimestampSchema, toProtoTimestamp(parsed.value));
    expect(shown).toBe('9999-12-31T23:59:59.999Z');
  });
});
