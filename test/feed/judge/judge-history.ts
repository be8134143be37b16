// Judges the record of a watcher of events, attempt by attempt: each must tell, from where it
// began, exactly the next events of the filtered history.
import type { Attempt, WatchRecord } from '../record/watch.ts';
import { expectedOf, type Expected } from './filter.ts';
import { judgePositions } from './judge-positions.ts';
import { judgeTelling } from './judge-telling.ts';
import { placeAfter, type Judged, type Say } from './places.ts';
import type { Times } from './times.ts';
import type { Truth } from './truth.ts';
import type { Property, Violation } from './violation.ts';

/** Says what the record breaks; also tells where each attempt began. */
export function judgeHistory(
  truth: Truth,
  record: WatchRecord,
  times: Times,
): { readonly violations: readonly Violation[]; readonly judged: readonly Judged[] } {
  const expected = expectedOf(truth, record.watch);
  const violations: Violation[] = [];
  const judged: Judged[] = [];
  for (const [index, attempt] of record.attempts.entries()) {
    const say: Say = (property, text) =>
      void violations.push({ property, watcher: record.name, text: `attempt ${index}: ${text}` });
    const asked = placesOf({ record, attempt, expected, judged, times });
    const places = asked.filter((place) => isFrom(attempt, expected, place));
    const one = { attempt, expected, places: places.length === 0 ? asked.slice(0, 1) : places };
    judged.push(one);
    if (places.length === 0) say(...firstDifference(one, record));
    else if (record.isFinished && attempt === record.attempts.at(-1)) judgeEnd(one, say);
    judgePositions(one, { truth, record, say });
    judgeTelling(one, { record, times, say });
  }
  return { violations, judged };
}

type Placing = {
  readonly record: WatchRecord;
  readonly attempt: Attempt;
  readonly expected: readonly Expected[];
  readonly judged: readonly Judged[];
  readonly times: Times;
};

/** Where the attempt was asked to begin. */
function placesOf({ record, attempt, expected, judged, times }: Placing): readonly number[] {
  const { resume } = attempt;
  const { start, caller } = record.watch;
  if (resume !== undefined) {
    const earlier = judged[resume.attempt];
    const told = earlier?.attempt.told[resume.told];
    if (earlier === undefined || told === undefined) throw new Error('Resumed behind nothing.');
    if (caller.kind === 'key') return [placeAfter(expected, Number(told.position.sequence))];
    if (
      start.kind === 'from_time' &&
      told.deliveredCount === 0 &&
      earlier.attempt.resume === undefined
    ) {
      // A cursor covers what lay before the instant, not what was still to come before it.
      const from = placeAfter(expected, times.headBefore(earlier.attempt.openedAtMs));
      const [first = from] = earlier.places;
      return range(Math.min(from, first), Math.max(from, first));
    }
    return earlier.places.map((place) => place + told.deliveredCount);
  }
  switch (start.kind) {
    case 'beginning':
      return [0];
    case 'from_sequence':
      return [placeAfter(expected, start.sequence - 1)];
    case 'from_time': {
      const first = expected.findIndex(({ createdAtMs }) => createdAtMs >= start.atMs);
      return [first < 0 ? expected.length : first];
    }
    case 'now': {
      const [told] = attempt.told;
      if (told === undefined) return [0];
      // It began after what was acknowledged before, and before what was sent later.
      const from = placeAfter(expected, times.headBefore(attempt.openedAtMs));
      const to = placeAfter(expected, times.firstSentAfter(told.atMs) - 1);
      if (caller.kind === 'token') return range(from, Math.max(from, to));
      return [placeAfter(expected, Number(told.position.sequence))];
    }
  }
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function isFrom({ digests }: Attempt, expected: readonly Expected[], place: number): boolean {
  return digests.every((digest, i) => expected[place + i]?.digest === digest);
}

function judgeEnd({ attempt, expected, places }: Judged, say: Say): void {
  const count = attempt.digests.length;
  if (places.some((place) => place + count === expected.length)) return;
  const [place = 0] = places;
  const missing = expected.slice(place + count);
  const last = attempt.told.at(-1);
  const told = `${count} delivered, last told ${last?.kind} ${last?.position.sequence}`;
  say('complete', `${missing.length} missing from ${missing[0]?.sequence} at the end; ${told}`);
}

/** Names the property that the first wrong event breaks. */
function firstDifference(
  { attempt, expected, places: [place = 0] }: Judged,
  { watch }: WatchRecord,
): [Property, string] {
  const { digests, sequences, resume } = attempt;
  const at = digests.findIndex((digest, i) => expected[place + i]?.digest !== digest);
  const wanted = expected[place + at];
  const told = expected.find(({ digest }) => digest === digests[at]);
  const got = watch.caller.kind === 'token' ? told?.sequence : sequences[at];
  const text = `event ${at} is ${got ?? 'unknown'}, not ${wanted?.sequence ?? 'none'}`;
  if (got === undefined || (told === undefined && !isExpected(expected, got))) {
    return [got === undefined ? 'atomic' : 'filtered', text];
  }
  if (told === undefined) return ['atomic', `${text}: its content differs`];
  const before = expected[place + at - 1]?.sequence ?? 0;
  if (at > 0 && sequences.slice(0, at).includes(got)) return ['unique', text];
  const comesLater = wanted !== undefined && digests.includes(wanted.digest, at);
  if (at > 0 && (got <= before || comesLater)) return ['ordered', text];
  if (wanted !== undefined && got > wanted.sequence) return ['complete', text];
  return [resume === undefined ? 'start' : 'resumable', text];
}

function isExpected(expected: readonly Expected[], sequence: number): boolean {
  return expected[placeAfter(expected, sequence) - 1]?.sequence === sequence;
}
