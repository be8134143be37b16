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
import type { Violation } from './violation.ts';

/** A position that was told, with the place behind it in the filtered history. */
export type Told = {
  readonly watcher: string;
  readonly watch: Watch;
  readonly judged: Judged;
  /** Absent: from the start of the watch. */
  readonly position: FeedPosition | undefined;
  readonly place: number;
};

const waitMsMax = 10_000;

/** So many of all the positions told, also of those inside a message of several events. */
export function samplePositions(
  all: readonly { readonly name: string; readonly watch: Watch; readonly judged: Judged }[],
  { count, random }: { readonly count: number; readonly random: Random },
): readonly Told[] {
  const withTold = all.filter(({ judged }) => judged.attempt.told.length > 0);
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
  open: {
    readonly streams: Streams;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  },
): Promise<readonly Violation[]> {
  const { expected } = judged;
  const attempt = beginAttempt(undefined);
  const failure = await readUntilCaughtUp(attempt, { watch, position, ...open });
  const name = `behind ${position?.sequence || 'a cursor'} (place ${place})`;
  const say = (text: string): readonly Violation[] => [
    { property: 'resumable', watcher, text: `${name}: ${text}` },
  ];
  if (failure !== undefined) return say(failure);
  const at = attempt.digests.findIndex((digest, i) => digest !== expected[place + i]?.digest);
  if (at >= 0) return say(`event ${at} is not ${expected[place + at]?.sequence ?? 'none'}`);
  const rest = expected.length - place;
  if (attempt.digests.length === Math.max(0, rest)) return [];
  return say(`${attempt.digests.length} events instead of ${rest}`);
}

async function readUntilCaughtUp(
  attempt: Attempt,
  {
    watch,
    position,
    streams,
    url,
    headers,
  }: {
    readonly watch: Watch;
    readonly position: FeedPosition | undefined;
    readonly streams: Streams;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  },
): Promise<string | undefined> {
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), waitMsMax);
  const request = toHistoryRequest(watch, position);
  const renew = () => Promise.resolve(headers);
  try {
    const call = { url, headers, renew, signal: leaving.signal };
    for await (const message of streams.watchHistory(request, call)) {
      noteMessage(attempt, message);
      if (attempt.told.at(-1)?.kind === 'caught_up') return undefined;
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
