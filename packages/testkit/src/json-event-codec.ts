// An event codec for tests that need no contract: JSON, with bigints as tagged texts.
import type { BookEvent } from '@scrip/kernel';
import type { EventCodec } from '@scrip/engine';

/** Turns events into JSON bytes and back. */
export const jsonEventCodec: EventCodec = {
  encode: (event) => Buffer.from(JSON.stringify(event, tagBigint)),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).toString(), untagBigint) as BookEvent,
};

function tagBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? { bigint: value.toString() } : value;
}

function untagBigint(_key: string, value: unknown): unknown {
  const tagged = value as { readonly bigint?: unknown } | null;
  return typeof tagged === 'object' && typeof tagged?.bigint === 'string'
    ? BigInt(tagged.bigint)
    : value;
}
