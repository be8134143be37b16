// The law of the feed: a watcher's record is the filtered history, in order, once.
import {
  instantFromMs,
  accountIdsOf,
  type AccountId,
  type BookEvent,
  type Sequence,
} from '@scrip/kernel';
import {
  createWatchedBook,
  faultsOf,
  recordStream,
  sequencesOf,
  type WatchedProcess,
  type WatchedBook,
  type StreamRecord,
} from '@scrip/testkit';
import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FeedFilter } from '../port/feed-source.ts';
import type { FeedItem, FeedStart } from './feed.ts';

type StepKind = 'commit' | 'open' | 'pause' | 'resume' | 'reconnect' | 'tick' | 'answer' | 'lose';

/** A step of a run; what `at`, `more` and `other` mean depends on its kind. */
interface Step {
  readonly kind: StepKind;
  readonly where: 'here' | 'there';
  readonly at: number;
  readonly more: number;
  readonly other: number;
}

const weights: Readonly<Record<StepKind, number>> = {
  commit: 8,
  open: 4,
  pause: 2,
  resume: 2,
  reconnect: 3,
  tick: 3,
  answer: 12,
  lose: 1,
};

const stepOf = (kind: StepKind): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constant(kind),
    where: fc.constantFrom('here', 'there'),
    at: fc.nat({ max: 40 }),
    more: fc.nat({ max: 5 }),
    other: fc.nat({ max: 11 }),
  });

const steps = fc.array(
  fc.oneof(
    ...Object.entries(weights).map(([kind, weight]) => ({
      weight,
      arbitrary: stepOf(kind as StepKind),
    })),
  ),
  { minLength: 5, maxLength: 90, size: 'max' },
);

/** A watcher that outlives its connections. */
interface Watcher {
  readonly filter: FeedFilter;
  readonly start: FeedStart;
  readonly ended: FeedItem[][];
  stream: StreamRecord<FeedItem>;
}

const itemsOf = (watcher: Watcher) => [...watcher.ended.flat(), ...watcher.stream.items];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

it('gives every watcher the filtered history, in order, once', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (run) => {
      const made = await play(run);
      await settle(made);
      for (const watcher of made.watchers) {
        expect(sequencesOf(itemsOf(watcher))).toEqual(expectedOf(made.world, watcher));
        for (const items of [...watcher.ended, watcher.stream.items]) {
          expect(faultsOf(items)).toEqual([]);
        }
      }
      await Promise.all(made.watchers.map(({ stream }) => stream.stop()));
      for (const { feed } of [made.world.here, made.world.there]) {
        expect(feed.watcherCount()).toBe(0);
        expect(feed.size().watchedCount).toBe(0);
      }
    }),
    { numRuns: 150, verbose: 1 },
  );
});

async function play(run: readonly Step[]) {
  // Every look into the database waits here until a step lets it go on: in any order.
  const looks: (() => void)[] = [];
  let isHeld = false;
  const world = createWatchedBook({
    timing: { lingerMs: 300, heartbeatMs: 700 },
    bounds: {
      pageEventCountMax: 3,
      ringEventCountMax: 8,
      pendingEventCountMax: 4,
    },
    delay: async () => {
      if (isHeld) await new Promise<void>((resolve) => looks.push(resolve));
    },
  });
  const ids = [await world.create('a'), await world.create('b')];
  isHeld = true;
  const watchers: Watcher[] = [];
  for (const step of run) {
    await take(step, { world, ids, watchers, looks });
    for (let i = 0; i < 3; i++) await setImmediate();
  }
  const release = (): void => {
    isHeld = false;
    for (const look of looks.splice(0)) look();
  };
  return { world, watchers, release };
}

interface Play {
  readonly world: WatchedBook;
  readonly ids: AccountId[];
  readonly watchers: Watcher[];
  readonly looks: (() => void)[];
}

async function take(step: Step, { world, ids, watchers, looks }: Play): Promise<void> {
  const watcher = watchers[step.at % Math.max(watchers.length, 1)];
  const process = world[step.where];
  switch (step.kind) {
    case 'commit':
      return commit(step, { world, ids });
    case 'open':
      if (watchers.length < 8) watchers.push(open(step, { world, ids }));
      return;
    case 'pause':
      return watcher?.stream.pause();
    case 'resume':
      return watcher?.stream.resume();
    case 'reconnect':
      return watcher && reconnect(world, watcher, process);
    case 'tick':
      vi.advanceTimersByTime(step.at * 25);
      return;
    case 'answer':
      for (let i = 0; i <= step.more; i++)
        looks.splice(step.at % Math.max(looks.length, 1), 1)[0]?.();
      return;
    case 'lose':
      process.source.losesWakes = !process.source.losesWakes;
      process.source.reconnect();
  }
}

async function commit(step: Step, { world, ids }: Pick<Play, 'world' | 'ids'>): Promise<void> {
  const where = world[step.where];
  const id = (n: number): AccountId => ids[n % ids.length] ?? ('' as AccountId);
  const commits = Array.from({ length: step.more + 1 }, (_, i) => {
    const [from, to] = [id(step.at + i), id(step.at + step.other + i)];
    return from === to ? world.credit(from, where) : world.pay(from, to, where);
  });
  if (step.other < 2) ids.push(await world.create('abc'[step.at % 3] ?? 'a', where));
  await Promise.all(commits);
}

function open(step: Step, { world, ids }: Pick<Play, 'world' | 'ids'>): Watcher {
  const filter = filterOf(step, ids);
  const start = startOf(step, world);
  const stream = connect(world, { filter, start }, world[step.where]);
  return { filter, start, ended: [], stream };
}

function filterOf({ other, at }: Step, ids: readonly AccountId[]): FeedFilter {
  const kinds = new Set([at % 2 === 0 ? 'transaction_posted' : 'account_created'] as const);
  const some = other % 4 === 0 ? { kinds } : {};
  if (other < 4) return { scope: { kind: 'book' }, ...some };
  if (other < 8) {
    const accountIds = ids.filter((_, i) => (at >> (i % 4)) % 2 === 0).slice(0, 3);
    return { scope: { kind: 'accounts', accountIds }, ...some };
  }
  return { scope: { kind: 'customer', customerId: 'abc'[at % 3] ?? 'a' }, ...some };
}

function startOf({ more, at }: Step, world: WatchedBook): FeedStart {
  const head = world.history().length;
  if (more === 0) return { kind: 'now' };
  if (more === 1) return { kind: 'beginning' };
  if (more === 2) return { kind: 'from_time', instant: instantFromMs(world.journal.now + at - 20) };
  if (more === 3)
    return { kind: 'from_sequence', sequence: Math.max(0, head + at - 20) as Sequence };
  const sequence = at % (head + 1);
  const { seal } = world.positionAt(sequence);
  return { kind: 'after', position: { sequence: sequence as Sequence, ...(seal && { seal }) } };
}

function connect(
  world: WatchedBook,
  watch: { readonly filter: FeedFilter; readonly start: FeedStart },
  { feed }: WatchedProcess,
): StreamRecord<FeedItem> {
  return recordStream((signal) => feed.watchHistory(world.book, watch, signal));
}

async function reconnect(
  world: WatchedBook,
  watcher: Watcher,
  where: WatchedProcess,
): Promise<void> {
  const { filter, start } = watcher;
  await watcher.stream.stop();
  watcher.ended.push([...watcher.stream.items]);
  const position = itemsOf(watcher).at(-1)?.position;
  // A start at an instant is kept until it is reached: until then the position does not hold it.
  const isReached = start.kind !== 'from_time' || sequencesOf(itemsOf(watcher)).length > 0;
  const again: FeedStart =
    position === undefined || !isReached ? start : { kind: 'after', position };
  watcher.stream = connect(world, { filter, start: again }, where);
}

/** Lets everything go on until nobody is given anything more. */
async function settle({
  world,
  watchers,
  release,
}: Awaited<ReturnType<typeof play>>): Promise<void> {
  for (const { source } of [world.here, world.there]) source.losesWakes = false;
  for (const { stream } of watchers) stream.resume();
  const last = world.history().length;
  const isAtEnd = ({ stream }: Watcher): boolean => {
    const item = stream.items.at(-1);
    return item?.kind === 'heartbeat' && item.position.sequence >= last;
  };
  for (let round = 0; round < 200; round++) {
    release();
    vi.advanceTimersByTime(400);
    for (let i = 0; i < 3; i++) await setImmediate();
    if (watchers.every((watcher) => isAtEnd(watcher))) return;
  }
  throw new Error('A watcher never reached the head.');
}

function expectedOf(world: WatchedBook, watcher: Watcher): readonly number[] {
  const { filter, start } = watcher;
  const after = itemsOf(watcher)[0]?.position.sequence ?? 0;
  return world
    .history()
    .filter((event) => event.sequence > after && isKept(world, filter, event))
    .filter((event) => start.kind !== 'from_time' || event.createdAt >= start.instant)
    .map(({ sequence }) => sequence);
}

function isKept(world: WatchedBook, { scope, kinds }: FeedFilter, event: BookEvent): boolean {
  const { change } = event;
  if (kinds !== undefined && !kinds.has(change.kind)) return false;
  if (scope.kind === 'book') return true;
  const touched = new Set(accountIdsOf(event));
  if (scope.kind === 'accounts') return scope.accountIds.some((id) => touched.has(id));
  const { accounts } = world.journal.stored(world.book);
  return [...touched].some((id) => accounts.get(id)?.customerId === scope.customerId);
}
