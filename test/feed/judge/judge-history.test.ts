// The judge of events: it is content with what is right, and names the property that is broken.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import type { Attempt, Told, Watch } from '../record/watch.ts';
import {
  accountIds,
  allOf,
  attemptOf,
  everything,
  exampleTruth,
  recordOf,
  toldAt,
} from './example.ts';
import { judgeHistory } from './judge-history.ts';
import { timesOf } from './times.ts';

const truth = exampleTruth();
const events = allOf(truth, everything);
const ofOne: Watch = { ...everything, scope: { kind: 'accounts', accountIds: [accountIds[0]] } };

describe('the judge', () => {
  it('is content with the whole history, in order, once', () => {
    expect(judge(everything, [attemptOf(events)])).toEqual([]);
  });

  it('is content with a resume behind what was told', () => {
    const first = attemptOf(events.slice(0, 5));
    const second = { ...attemptOf(events.slice(5), 5), resume: lastOf(first) };
    expect(judge(everything, [first, second])).toEqual([]);
  });

  it('is content with the events of one account, and a position beyond the last of them', () => {
    const kept = allOf(truth, ofOne);
    const attempt = attemptOf(kept);
    expect(kept).toHaveLength(6);
    expect(judge(ofOne, [withTold(attempt, toldAt('heartbeat', 12, 6))])).toEqual([]);
  });

  it('is content with a start in the future', () => {
    const at = timestampFromMs(1_700_000_007_500);
    const start = { kind: 'from_time', atMs: Number(at.seconds) * 1_000 + 500 } as const;
    expect(judge({ ...everything, start }, [attemptOf(events.slice(8), 8)])).toEqual([]);
  });

  it('is content when a token resumes behind a start that had passed when it was opened', () => {
    const caller = {
      kind: 'token',
      scope: { kind: 'accounts', accountIds: [accountIds[0]] },
    } as const;
    const start = { kind: 'from_time', atMs: 1_700_000_002_500 } as const;
    const watch: Watch = { ...everything, start, caller };
    const rest = allOf(truth, watch).filter(({ createdAtMs }) => createdAtMs >= start.atMs);
    const first = { ...attemptOf([], 3), openedAtMs: 5_000 };
    const second = { ...attemptOf(rest, 3), resume: { attempt: 0, told: 0 } };
    const acknowledged = [{ sentAtMs: 100, answeredAtMs: 200, sequence: 12 }];
    expect(judge(watch, [first, second], acknowledged)).not.toContain('resumable');
  });

  it.each<[string, string, Attempt]>([
    ['complete', 'an event is left out', attemptOf(events.toSpliced(4, 1))],
    ['complete', 'the last event does not come', attemptOf(events.slice(0, -1))],
    ['unique', 'an event comes twice', attemptOf(events.toSpliced(4, 0, ...events.slice(3, 4)))],
    ['ordered', 'an event comes late', attemptOf(swapped(4))],
    ['atomic', 'an event is torn', attemptOf(events.toSpliced(3, 1, torn(3)))],
    ['told', 'started does not come first', withoutFirst(attemptOf(events))],
    ['told', 'it has caught up twice', withTold(attemptOf(events), toldAt('caught_up', 12, 12))],
    [
      'bookmarked',
      'a position goes back',
      withTold(attemptOf(events), toldAt('heartbeat', 11, 12)),
    ],
    ['bookmarked', 'a position covers what comes later', bookmarkedEarly()],
    ['resumable', 'a seal is of another history', withOtherSeal()],
    ['end', 'it ends for no reason of the contract', failing('Internal: a bug')],
  ])('finds %s broken: %s', (property, _what, attempt) => {
    expect(judge(everything, [attempt])).toContain(property);
  });

  it('finds an event that the filter drops', () => {
    expect(judge(ofOne, [attemptOf(events)])).toContain('filtered');
  });

  it('finds what a resume delivers again', () => {
    const first = attemptOf(events.slice(0, 5));
    const second = { ...attemptOf(events.slice(4), 4), resume: lastOf(first) };
    expect(judge(everything, [first, second])).toContain('resumable');
  });

  it('finds events below the start in the future', () => {
    const start = { kind: 'from_sequence', sequence: 20 } as const;
    expect(judge({ ...everything, start }, [attemptOf(events, 19)])).toContain('start');
  });

  it('finds what is told late', () => {
    const acknowledged = [{ sentAtMs: 100, answeredAtMs: 200, sequence: 12 }];
    const { told } = attemptOf(events.slice(0, -1));
    const late = { ...toldAt('events', 12, 12), atMs: 9_000 };
    const last = { ...toldAt('heartbeat', 12, 12), atMs: 12_000 };
    const spoilt = { ...attemptOf(events), told: [...told, late, last] };
    expect(judge(everything, [spoilt], acknowledged)).toContain('live');
  });

  it('finds what a token may not see', () => {
    const token: Watch = {
      ...everything,
      caller: { kind: 'token', scope: { kind: 'accounts', accountIds: [accountIds[0]] } },
    };
    expect(judge(token, [attemptOf(allOf(truth, ofOne))])).toContain('atomic');
  });
});

function judge(
  watch: Watch,
  attempts: readonly Attempt[],
  acknowledged: Parameters<typeof timesOf>[0] = [],
): readonly string[] {
  const { violations } = judgeHistory(truth, recordOf(watch, attempts), timesOf(acknowledged));
  return violations.map(({ property }) => property);
}

function lastOf({ told }: Attempt) {
  return { attempt: 0, told: told.length - 1 };
}

function withTold(attempt: Attempt, told: Told): Attempt {
  return { ...attempt, told: [...attempt.told, told] };
}

function withoutFirst(attempt: Attempt): Attempt {
  return { ...attempt, told: attempt.told.slice(1) };
}

function bookmarkedEarly(): Attempt {
  const attempt = attemptOf(events);
  return { ...attempt, told: attempt.told.toSpliced(5, 0, toldAt('heartbeat', 4, 3)) };
}

function withOtherSeal(): Attempt {
  const attempt = attemptOf(events);
  const last = toldAt('heartbeat', 12, 12);
  const position = { ...last.position, chainHash: new Uint8Array(32) };
  return withTold(attempt, { ...last, position });
}

function failing(code: string): Attempt {
  return { ...attemptOf(events), end: { kind: 'failed', code } };
}

function swapped(at: number) {
  const [one, other] = events.slice(at, at + 2);
  return one === undefined || other === undefined ? [] : events.toSpliced(at, 2, other, one);
}

function torn(index: number) {
  return { sequence: index + 1, createdAtMs: 0, digest: 'torn' };
}
