// Positions to resume from once all is quiet: each must give exactly the rest.
import { create } from '@bufbuild/protobuf';
import { FeedPositionSchema, type FeedPosition } from '@scrip/contract';
import type { Random } from '../../faults/load/random.ts';
import { beginAttempt, noteMessage } from '../record/record-history.ts';
import type { Attempt, Watch } from '../record/watch.ts';
import type { Streams } from '../wire/streams.ts';
import { toHistoryRequest } from '../watchers/requests.ts';
import { endOf } from '../watchers/watcher.ts';
import { placeBehind } from './judge-positions.ts';
import type { Judged } from './places.ts';
import type { Property, Violation } from './violation.ts';

/** A position that was told, with the place behind it in the filtered history. */
export type Told = {
  readonly watcher: string;
  readonly watch: Watch;
  readonly judged: Judged;
  /** Absent: from the start of the watch. */
  readonly position: FeedPosition | undefined;
  readonly place: number;
};

/** A longer rest is read so far: what comes behind it is the same for all. */
const readCountMax = 2_000;
const waitMsMax = 12_000;

/** So many of all the positions told, also of those inside a message of several events. */
export function samplePositions(
  all: readonly { readonly name: string; readonly watch: Watch; readonly judged: Judged }[],
  { count, random }: { readonly count: number; readonly random: Random },
): readonly Told[] {
  // A cursor that was told before the first event may lie at several places, and one of a start at
  // an instant that was still to come before that instant.
  const withTold = all.filter(
    ({ judged, watch: { start, caller } }) =>
      judged.attempt.told.length > 0 &&
      judged.places.length === 1 &&
      !(caller.kind === 'token' && start.kind === 'from_time'),
  );
  return Array.from({ length: withTold.length === 0 ? 0 : count }, () => {
    const { name, watch, judged } = random.pick(withTold) as (typeof withTold)[number];
    const at = random.below(judged.attempt.told.length);
    const told = judged.attempt.told[at];
    if (told === undefined) throw new Error('Nothing was told there.');
    const before = judged.attempt.told[at - 1]?.deliveredCount ?? 0;
    const inner = before + random.below(told.deliveredCount - before);
    const sequence = judged.attempt.sequences[inner];
    const isInner = told.kind === 'events' && told.position.cursor === '' && random.chance(0.5);
    const position =
      isInner && sequence !== undefined
        ? create(FeedPositionSchema, { ...told.position, sequence: BigInt(sequence) })
        : told.position;
    return {
      watcher: name,
      watch,
      judged,
      position,
      place: placeBehind(judged, { ...told, position }),
    };
  });
}

/** Resumes behind the position and says what differs from the rest. */
export async function judgeResume(
  { watcher, watch, judged, position, place }: Told,
  way: Way,
): Promise<readonly Violation[]> {
  const rest = judged.expected.slice(place);
  const attempt = beginAttempt(undefined);
  const failure = await read(attempt, { watch, position, count: rest.length, ...way });
  const name = `behind ${position?.sequence || 'a cursor'} (place ${place})`;
  const violations: Violation[] = [];
  const say = (property: Property, text: string): void =>
    void violations.push({ property, watcher, text: `${name}: ${text}` });
  if (failure !== undefined) say('resumable', failure);
  const at = attempt.digests.findIndex((digest, i) => digest !== rest[i]?.digest);
  const count = attempt.digests.length;
  if (at >= 0) say('resumable', `event ${at} is not ${rest[at]?.sequence ?? 'none'}`);
  else if (count !== rest.length && count < readCountMax)
    say('resumable', `${count} events instead of ${rest.length}`);
  // Nothing is written meanwhile.
  const caughtUp = attempt.told.find(({ kind }) => kind === 'caught_up');
  if (caughtUp !== undefined && caughtUp.deliveredCount < rest.length) {
    say('told', `caught up after ${caughtUp.deliveredCount} of ${rest.length} events`);
  }
  return violations;
}

/** How a stream is opened. */
export type Way = {
  readonly streams: Pick<Streams, 'watchHistory'>;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
};

type Reading = Way & {
  readonly watch: Watch;
  readonly position: FeedPosition | undefined;
  /** Events that are there. */
  readonly count: number;
};

/** Reads until it has caught up and has all; says what went wrong. */
async function read(attempt: Attempt, reading: Reading): Promise<string | undefined> {
  const { watch, position, count, streams, url, headers } = reading;
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), waitMsMax);
  const renew = () => Promise.resolve(headers);
  try {
    const call = { url, headers, renew, signal: leaving.signal };
    for await (const message of streams.watchHistory(toHistoryRequest(watch, position), call)) {
      noteMessage(attempt, message);
      const isCaughtUp = attempt.told.some(({ kind }) => kind === 'caught_up');
      if (isCaughtUp && attempt.digests.length >= count) return undefined;
      if (attempt.digests.length >= readCountMax && position !== undefined) return undefined;
    }
    return 'the stream was over before it had caught up';
  } catch (error) {
    const last = attempt.told.at(-1)?.kind ?? 'nothing';
    if (leaving.signal.aborted) return `not caught up in time, ${last} was told last`;
    const end = endOf(error);
    return `ended with ${end.code} ${end.reason ?? ''}`;
  } finally {
    clearTimeout(timer);
    leaving.abort();
  }
}
