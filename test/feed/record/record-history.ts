// Notes what a stream of events tells, in the form that the judge reads.
import type { FeedPosition, WatchHistoryResponse } from '@scrip/contract';
import { digestOf } from './digest.ts';
import type { Attempt, Resume, Told } from './watch.ts';

const kinds = {
  started: 'started',
  events: 'events',
  caughtUp: 'caught_up',
  fellBehind: 'fell_behind',
  heartbeat: 'heartbeat',
} as const satisfies Readonly<Record<string, Told['kind']>>;

export function beginAttempt(resume: Resume | undefined): Attempt {
  return {
    openedAtMs: performance.now(),
    ...(resume === undefined ? {} : { resume }),
    told: [],
    sequences: [],
    digests: [],
    end: undefined,
  };
}

/** Notes one message of the stream. */
export function noteMessage(attempt: Attempt, { message }: WatchHistoryResponse): void {
  if (message.case === undefined) throw new Error('The stream told a message of no kind.');
  if (message.case === 'events') {
    for (const event of message.value.events) {
      attempt.sequences.push(Number(event.sequence));
      attempt.digests.push(digestOf(event));
    }
  }
  attempt.told.push({
    kind: kinds[message.case],
    atMs: performance.now(),
    position: needed(message.value.position),
    deliveredCount: attempt.digests.length,
  });
}

function needed(position: FeedPosition | undefined): FeedPosition {
  if (position === undefined) throw new Error('The stream told a message without a position.');
  return position;
}
