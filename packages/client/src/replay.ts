// Tells from an answer's headers whether it repeats an earlier one.

const replayHeader = 'scrip-idempotent-replay';

/** Whether response headers mark the answer as a replay: the first answer to the same key again. */
export function isReplay(header: Headers): boolean {
  return header.get(replayHeader) === 'true';
}
