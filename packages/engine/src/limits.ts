// The engine's bounds. Each keeps one thing from growing without end.

/** Commands that may wait for one book: seconds of work; beyond it callers are told at once. */
export const queueLengthMax = 10_000;
/** Commands in one flush: enough to share a commit, few enough to keep the lock short. */
export const batchCommandCountMax = 1_000;
/**
 * From so many commands on a batch is large: its callers are answered while the next one is
 * written, and so that there is one, half of the commands at hand are taken at a time.
 */
export const largeBatchCommandCount = 32;
/** How long answers are held at most, in milliseconds: what the next batch needs to be decided. */
export const heldAnswersMsMax = 10;
/**
 * The part of held answers that is given while the next batch waits for its lock. It takes about as
 * long: a larger part would keep that batch from being decided.
 */
export const firstAnswersShare = 0.25;
/**
 * Turns of the event loop in which callers who were answered beside a write may ask again, before
 * the next batch is taken without them.
 */
export const gatherTurnCountMax = 2;
/** Entries in one flush: bounds its statements when commands have many entries. */
export const batchEntryCountMax = 4_000;
/**
 * Bytes of events in one flush; the group that passes them is its last. Some events are as long as
 * their hold has parts, of which there may be 10,000: a thousand of them took the lock for minutes.
 */
export const batchBytesMax = 2 * 1024 * 1024;
/**
 * Grants, holds and schedules that are loaded for one flush; the group with the account that passes
 * them is its last. Each takes 0.03 ms under the lock: 200,000 took longer than the database waits.
 */
export const loadedTermCountMax = 10_000;
/** Tries of one flush before its callers are told that it failed. */
export const flushAttemptCountMax = 4;
/** How much older an instant that was taken before the lock may be than what it belongs to. */
export const latenessMsMax = 100;
/**
 * How long a head is expected to be where the last flush left it, in milliseconds: clocks that tell
 * time differently are together for so long.
 */
export const expectationMsMax = 5_000;
/**
 * How long nothing is expected after an expectation that was missed, which cost a look for nothing.
 * It doubles from miss to miss.
 */
export const expectationPauseMsMin = 1;
/** The longest such pause. */
export const expectationPauseMsMax = 1_000;
/** The wait before the second try; it doubles from try to try. */
export const retryDelayMsMin = 20;
/** The longest wait between two tries. */
export const retryDelayMsMax = 1_000;
/** Accounts kept in memory for one book: at most some KiB each, those with metadata left out. */
export const cachedAccountCountMax = 100_000;
/**
 * Grants, holds and schedules kept in memory for one book, whosever they are: each is about half a
 * KiB, and what takes more counts as several.
 */
export const cachedTermCountMax = 200_000;
/** What a caller is told to wait when the queue is full. */
export const queueFullRetryAfterMs = 1_000;
/** Units kept in memory for one book: few are ever used, and a caller can name any number. */
export const cachedUnitCountMax = 1_000;
/** Entries that a reversal, or what is due, counts as before it is known what it comes to. */
export const openEntryCount = 10;
/** Accounts and memberships that the sweeper looks for in one round. */
export const sweptCountMax = 200;
/**
 * Accounts that it books together: with at most 50 moves on each, the book is locked for well below
 * the two seconds after which the database gives an idle unit of work up.
 */
export const bookedAccountCountMax = 20;
/** Memberships that it books together: each has at most 50 periods, of at most 20 rules each. */
export const bookedMembershipCountMax = 5;
/**
 * Due moves that come before the commands of a flush in its own commit. What is beyond them is
 * booked ahead, so many in a commit: each holds the lock for a tenth of a second.
 */
export const flushMoveCountMax = 1_000;
/**
 * Due moves that the commands of a flush are judged after, counted for each command, since one that
 * is refused leaves them to the next: a tenth of a second.
 */
export const judgedMoveCountMax = 10_000;
/**
 * Periods of memberships that come before the commands of a flush in its own commit, counted for
 * each command. Each issues a credit for at most 20 rules.
 */
export const flushPeriodCountMax = 100;
/** The pause of the sweeper when nothing is due: how late a book may tell of what is over. */
export const sweepPauseMs = 1_000;
/** Books whose writers, and what they remember, are kept while nobody writes to them. */
export const writerCountMax = 64;
