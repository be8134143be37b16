// The requests of a load, lane by lane: what each asks next, and whether the answer is as it ought
// to be.
import { countResults, judge, textOf, type Answer } from './answers.ts';
import { bodiesOf, type RequestKind } from './bodies.ts';
import type { Load, Tally } from './load.ts';
import { findPlaces, putNumber, putVarint, type Places } from './marks.ts';
import { createPicker } from './spread.ts';
import type { Wire } from './wire.ts';

export type Requests = {
  /** The next request of a lane, whose last one was answered. */
  readonly next: (lane: number) => Buffer;
  /** Says what was wrong with an answer, if anything was. */
  readonly settle: (lane: number, answer: Answer) => string | undefined;
  readonly tally: () => Tally;
};

type Prepared = { readonly bytes: Buffer; readonly places: Places };
type Kind = RequestKind | 'replay';
type Lane = {
  readonly prepared: ReadonlyMap<RequestKind, Prepared>;
  kind: Kind;
  /** The credit or debit that was acknowledged last, as it was sent. */
  posted: Buffer | undefined;
  /** The item of the last batch that the next one replays. */
  item: { readonly account: number; readonly number: number } | undefined;
  expected: { posted: number; replayed: number; refused: number };
};

export function createRequests(
  load: Load,
  wire: Pick<Wire, 'encode'>,
  chance: { readonly random: () => number; readonly run: string },
): Requests {
  const { random, run } = chance;
  const ids = load.accountIds.map((id) => Buffer.from(id));
  const accountMark = '@'.repeat(ids[0]?.length ?? 15);
  const bodies = Object.entries(bodiesOf(load, accountMark, run));
  const prepare = (): Lane => ({
    prepared: new Map(
      bodies.map(([kind, body]) => {
        const bytes = wire.encode(body);
        return [kind as RequestKind, { bytes, places: findPlaces(bytes, accountMark) }];
      }),
    ),
    kind: 'other',
    posted: undefined,
    item: undefined,
    expected: { posted: 0, replayed: 0, refused: 0 },
  });
  const lanes = Array.from({ length: load.inFlight }, prepare);
  const pick = createPicker(load.spread ?? 'uniform', ids.length, random);
  const counts = { calls: 0, posted: 0, refused: 0, replayed: 0 };
  let number = 0;

  const putAccount = (bytes: Buffer, at: number, account: number): void => {
    ids[account]?.copy(bytes, at);
  };
  const fillOne = ({ bytes, places }: Prepared): Buffer => {
    number++;
    for (const at of places.accounts) putAccount(bytes, at, pick());
    for (const at of places.numbers) putNumber(bytes, at, number);
    for (const at of places.seconds) putInstant(load, { bytes, at, places }, random);
    return bytes;
  };
  const fillBatch = (lane: Lane, { bytes, places }: Prepared): Buffer => {
    const { batchSize = 100, replayedShare = 0, refusedShare = 0 } = load;
    const replayed = lane.item === undefined ? 0 : Math.round(batchSize * replayedShare);
    const refused = Math.round(batchSize * refusedShare);
    for (const [place, at] of places.accounts.entries()) {
      const again = place < replayed ? lane.item : undefined;
      const item = again ?? { account: pick(), number: ++number };
      putAccount(bytes, at, item.account);
      putNumber(bytes, places.numbers[place * 2] ?? 0, item.number);
      putNumber(bytes, places.numbers[place * 2 + 1] ?? 0, item.number);
      if (again === undefined && place < batchSize - refused) lane.item = item;
    }
    lane.expected = { posted: batchSize - replayed - refused, replayed, refused };
    return bytes;
  };
  return {
    next: (place) => {
      const lane = laneAt(lanes, place);
      lane.kind = chooseKind(load, lane, random);
      if (lane.kind === 'replay' && lane.posted !== undefined) return lane.posted;
      const prepared = lane.prepared.get(lane.kind === 'replay' ? 'credit' : lane.kind);
      if (prepared === undefined) throw new Error(`The load has no ${lane.kind}.`);
      return load.call === 'batch' ? fillBatch(lane, prepared) : fillOne(prepared);
    },
    settle: (place, answer) => {
      counts.calls++;
      const lane = laneAt(lanes, place);
      const verdict = judge(load.protocol, answer);
      const expected = lane.kind === 'refused' ? 'refused' : 'succeeded';
      if (verdict !== expected) {
        lane.posted = undefined;
        lane.item = undefined;
        return `${lane.kind}: ${verdict} with ${answer.status} ${textOf(answer).slice(0, 300)}`;
      }
      if (load.call === 'batch') return settleBatch(load, { lane, counts, answer });
      if (lane.kind === 'refused') counts.refused++;
      else if (lane.kind === 'replay') counts.replayed++;
      else if (lane.kind !== 'other') {
        counts.posted++;
        lane.posted = lane.prepared.get(lane.kind)?.bytes;
      }
      return undefined;
    },
    tally: () => ({ ...counts }),
  };
}

function laneAt(lanes: readonly Lane[], place: number): Lane {
  const lane = lanes[place];
  if (lane === undefined) throw new Error(`There is no lane ${place}.`);
  return lane;
}

function chooseKind(load: Load, lane: Lane, random: () => number): Kind {
  if (load.call !== undefined && load.call !== 'post') return 'other';
  const { replayedShare = 0, refusedShare = 0, debitShare = 0 } = load;
  const chosen = random();
  if (chosen < replayedShare && lane.posted !== undefined) return 'replay';
  if (chosen < replayedShare + refusedShare && chosen >= replayedShare) return 'refused';
  return random() < debitShare ? 'debit' : 'credit';
}

type Batch = {
  readonly lane: Lane;
  readonly counts: { posted: number; refused: number; replayed: number };
  readonly answer: Answer;
};

function settleBatch(load: Load, { lane, counts, answer }: Batch): string | undefined {
  const results = countResults(load.protocol, Buffer.concat(answer.body));
  counts.posted += results.posted;
  counts.refused += results.refused;
  counts.replayed += results.replayed;
  const { expected } = lane;
  const isAsExpected =
    results.posted === expected.posted &&
    results.refused === expected.refused &&
    results.replayed === expected.replayed;
  if (isAsExpected) return undefined;
  return `batch: ${JSON.stringify(results)} in place of ${JSON.stringify(expected)}`;
}

type InstantPlace = { readonly bytes: Buffer; readonly at: number; readonly places: Places };

function putInstant({ instants }: Load, { bytes, at, places }: InstantPlace, random: () => number) {
  if (instants === undefined) throw new Error('The load has no instants.');
  const { fromMs, toMs } = instants;
  const ms = fromMs + random() * (toMs - fromMs);
  const seconds = Math.floor(ms / 1_000);
  putVarint(bytes, at, seconds);
  const nanos = Math.floor(ms - seconds * 1_000) * 1_000_000;
  for (const place of places.nanos) putVarint(bytes, place, nanos);
}
