// Why a stream ended, or did not begin.
import type { Refusal, Sequence } from '@scrip/kernel';
import { sourceAwayRetryAfterMs, watchesFullRetryAfterMs } from './feed-limits.ts';

/** What a `FeedError` tells besides its kind. */
export interface FeedErrorFacts {
  readonly headSequence?: Sequence;
  readonly refusal?: Refusal;
  readonly cause?: unknown;
}

/**
 * An end of a stream that its signal did not ask for. `history_diverged`: the book has another
 * history than the one that the position, or the stream so far, was seen in; `headSequence` is
 * where it stands. `watches_full`: this process has as many streams as it takes.
 * `accounts_too_many`: the customer has more accounts than a stream of balances takes. `refused`:
 * the accounts are not all known; `refusal` says which. `unavailable`: the source failed for too
 * long; another process may do better. `failed`: a bug, or what trying again would not mend, ended
 * all streams of the book; the observer was told of it, once.
 */
export class FeedError extends Error {
  readonly kind:
    | 'history_diverged'
    | 'watches_full'
    | 'accounts_too_many'
    | 'refused'
    | 'unavailable'
    | 'failed';
  /** With `history_diverged`. */
  readonly headSequence: Sequence | undefined;
  /** With `refused`. */
  readonly refusal: Refusal | undefined;
  /** How long to wait before another try, where that makes sense. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: FeedError['kind'], facts: FeedErrorFacts = {}) {
    super(`The stream ended: ${kind}.`, { cause: facts.cause });
    this.name = 'FeedError';
    this.kind = kind;
    this.headSequence = facts.headSequence;
    this.refusal = facts.refusal;
    this.retryAfterMs = retryAfterMsByKind[kind];
  }
}

const retryAfterMsByKind: Readonly<Partial<Record<FeedError['kind'], number>>> = {
  watches_full: watchesFullRetryAfterMs,
  unavailable: sourceAwayRetryAfterMs,
};
