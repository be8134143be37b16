// Why a stream ended, or did not begin.
import type { Refusal, Sequence } from '@scrip/kernel';
import { watchesFullRetryAfterMs } from './feed-limits.ts';

/** What a `FeedError` tells besides its kind. */
export interface FeedErrorFacts {
  readonly headSequence?: Sequence;
  readonly refusal?: Refusal;
}

/**
 * An end of a stream that its signal did not ask for. `history_diverged`: the book has another
 * history than the one that the position, or the stream so far, was seen in; `headSequence` is
 * where it stands. `watches_full`: this process has as many streams as it takes.
 * `accounts_too_many`: the customer has more accounts than a stream of balances takes. `refused`:
 * the accounts are not all known; `refusal` says which.
 */
export class FeedError extends Error {
  readonly kind: 'history_diverged' | 'watches_full' | 'accounts_too_many' | 'refused';
  /** With `history_diverged`. */
  readonly headSequence: Sequence | undefined;
  /** With `refused`. */
  readonly refusal: Refusal | undefined;
  /** How long to wait before another try, where that makes sense. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: FeedError['kind'], facts: FeedErrorFacts = {}) {
    super(`The stream ended: ${kind}.`);
    this.name = 'FeedError';
    this.kind = kind;
    this.headSequence = facts.headSequence;
    this.refusal = facts.refusal;
    this.retryAfterMs = kind === 'watches_full' ? watchesFullRetryAfterMs : undefined;
  }
}
