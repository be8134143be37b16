// The RPC that moves the clock of a test book.
import { fromProtoRequestedDuration, toProtoSequence, toProtoTimestamp } from '@scrip/codec';
import { assert, parsed, parseOptionalIdempotencyKey, present } from '@scrip/kernel';
import { bookOf } from '../../call/call-facts.ts';
import { serviceError } from '../../errors/service-error.ts';
import { createSubmit } from '../ledger/answer.ts';
import { valueOf } from '../parsed.ts';
import type { AdminPorts } from './admin-ports.ts';
import type { AdminRpcs } from './admin-rpcs.ts';

export function clockRpcs(ports: AdminPorts) {
  const submit = createSubmit(ports);
  return {
    advanceClock: async (request, context) => {
      if (bookOf(context.values).mode !== 'test') {
        const message = 'The clock of a real book goes with real time.';
        throw serviceError('CLOCK_NOT_MOVABLE', { message });
      }
      assert(request.by !== undefined, 'the form of the request was judged');
      const idempotencyKey = valueOf(parseOptionalIdempotencyKey(request.idempotencyKey));
      const byMs = valueOf(fromProtoRequestedDuration(request.by, 'by'));
      const named = present('idempotencyKey', idempotencyKey);
      const command = parsed({ kind: 'advance_clock' as const, byMs, ...named });
      const { event, sequence } = await submit(context, command);
      assert(event.change.kind === 'clock_advanced', 'the event moved the clock');
      return { now: toProtoTimestamp(event.change.now), sequence: toProtoSequence(sequence) };
    },
  } satisfies Partial<AdminRpcs>;
}
