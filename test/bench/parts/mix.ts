// What every load of posts is made of: credits and debits, some that are refused, some sent twice.
export const mix = { debitShare: 0.4, refusedShare: 0.03, replayedShare: 0.01 } as const;

/** Callers of batches, and items of each. */
export const batchCallers = 8;
export const batchSize = 100;

/** Of a batch's items, those that post. */
export const postedShare = 1 - mix.refusedShare - mix.replayedShare;
