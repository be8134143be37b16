// The engine's bounds. Each keeps one thing from growing without end.

/** Commands that may wait for one book: seconds of work; beyond it callers are told at once. */
export const queueLengthMax = 10_000;
/** Commands in one flush: enough to share a commit, few enough to keep the lock short. */
export const batchCommandCountMax = 1_000;
/** Entries in one flush: bounds its statements when commands have many entries. */
export const batchEntryCountMax = 4_000;
/** Tries of one flush before its callers are told that it failed. */
export const flushAttemptCountMax = 4;
/** The wait before the second try; it doubles from try to try. */
export const retryDelayMsMin = 20;
/** The longest wait between two tries. */
export const retryDelayMsMax = 1_000;
/** Accounts kept in memory for one book: some hundred bytes each. */
export const cachedAccountCountMax = 100_000;
/** What a caller is told to wait when the queue is full. */
export const queueFullRetryAfterMs = 1_000;
