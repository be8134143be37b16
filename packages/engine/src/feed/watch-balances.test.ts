// Streams of balances: a snapshot of one moment, then the latest, never an older one after it.
import {
  instantFromMs,
  parseChangeAccountStatus,
  parseCreateHold,
  type AccountId,
} from '@scrip/kernel';
import { createWatchedBook, recordStream, type WatchedBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import type { BalanceItem } from './feed.ts';
import type { BalanceScope } from './watch-balances.ts';

const ofCustomer: BalanceScope = { kind: 'customer', customerId: 'a' };
const ofAccounts = (...accountIds: readonly AccountId[]): BalanceScope => ({
  kind: 'accounts',
  accountIds,
});

function watch(world: WatchedBook, scope: BalanceScope) {
  return recordStream((signal) => world.here.feed.watchBalances(world.book, scope, signal));
}

const viewsOf = (items: readonly BalanceItem[]) =>
  items.flatMap((item) => (item.kind === 'balance' ? [item.view] : []));
const isLive = (items: readonly BalanceItem[]) => items.some(({ kind }) => kind === 'heartbeat');
const reached = (items: readonly BalanceItem[]) => {
  const last = items.at(-1);
  return last !== undefined && last.kind !== 'balance' ? last.position.sequence : undefined;
};
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** The last balance that a stream gave of each account. */
function latestOf(items: readonly BalanceItem[]): ReadonlyMap<AccountId, bigint> {
  return new Map(viewsOf(items).map(({ accountId, balance }) => [accountId, balance]));
}

function balancesIn({ journal, book }: WatchedBook, customerId: string) {
  const accounts = [...journal.stored(book).accounts.values()];
  const own = accounts.filter((account) => account.customerId === customerId);
  return new Map(own.map(({ id, balance }) => [id, balance]));
}

describe('a stream of balances', () => {
  it('gives the balances of one moment, says where that is, and then each change', async () => {
    const world = createWatchedBook();
    const [a, b] = [await world.create('a'), await world.create('b')];
    await world.credit(a);
    const stream = watch(world, ofAccounts(a));
    await stream.until(isLive);
    expect(stream.items).toMatchObject([
      { kind: 'balance', view: { accountId: a, balance: 1000001n } },
      { kind: 'snapshot_end', position: world.positionAt(3) },
      { kind: 'heartbeat', position: world.positionAt(3) },
    ]);
    await world.credit(b);
    const { createdAt } = await world.pay(a, b);
    await stream.until((items) => viewsOf(items).length === 2);
    expect(viewsOf(stream.items)[1]).toEqual({
      accountId: a,
      unit: { label: 'credits', scale: 0 },
      balance: 1000000n,
      held: 0n,
      updatedAt: createdAt,
      sequence: 5,
    });
    await stream.stop();
  });

  it('adds accounts that are made for the customer, by any process', async () => {
    const world = createWatchedBook();
    await world.create('a');
    const stream = watch(world, ofCustomer);
    await stream.until(isLive);
    await world.create('b');
    const second = await world.create('a');
    const third = await world.create('a', world.there);
    await world.credit(third);
    await world.credit(second, world.there);
    await stream.until((items) => latestOf(items).get(second) === 1000001n);
    expect(latestOf(stream.items)).toEqual(balancesIn(world, 'a'));
    await stream.stop();
  });

  it('says nothing of a change of status that moves no credits', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const stream = watch(world, ofCustomer);
    await stream.until(isLive);
    const account = { kind: 'id', id: a } as const;
    await world.submit(parseChangeAccountStatus('freeze_account', { account }));
    await world.submit(parseChangeAccountStatus('unfreeze_account', { account }));
    await world.credit(a);
    await stream.until((items) => viewsOf(items).length === 2);
    expect(viewsOf(stream.items).map(({ sequence }) => sequence)).toEqual([1, 4]);
    await stream.stop();
  });

  it('gives what a hold keeps, though that moves no balance', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const stream = watch(world, ofCustomer);
    await stream.until(isLive);
    const account = { kind: 'id', id: a } as const;
    const hold = { account, amount: '5', reference: 'job', idempotencyKey: 'hold' };
    await world.submit(parseCreateHold(hold));
    await stream.until((items) => viewsOf(items).length === 2);
    const [before, after] = viewsOf(stream.items);
    expect(after).toEqual({ ...before, held: 5n, sequence: 2 });
    await stream.stop();
  });

  it('gives a slow reader the latest of each account alone', async () => {
    const world = createWatchedBook();
    const [a, b] = [await world.create('a'), await world.create('a')];
    const stream = watch(world, ofCustomer);
    await stream.until(isLive);
    stream.pause();
    for (const _ of range(1, 50)) await Promise.all([world.credit(a), world.pay(a, b)]);
    stream.resume();
    await stream.until((items) => latestOf(items).get(b) === 1000050n);
    expect(viewsOf(stream.items).length).toBeLessThanOrEqual(6);
    expect(latestOf(stream.items)).toEqual(balancesIn(world, 'a'));
    await stream.stop();
  });

  it('misses nothing that changes while the snapshot is read, and never goes back', async () => {
    for (const where of ['here', 'there'] as const) {
      for (const stepCount of range(0, 8)) {
        const steps: PromiseWithResolvers<void>[] = [];
        const world = createWatchedBook({ timing: { pollMs: 5 } });
        const [a, b] = [await world.create('a'), await world.create('a')];
        const c = await world.create('a');
        // The reads of balances wait until they are let on, one by one.
        world.here.source.delay = (call) => {
          if (call !== 'readAccounts') return Promise.resolve();
          const step = Promise.withResolvers<void>();
          steps.push(step);
          return step.promise;
        };
        const streams = [watch(world, ofCustomer), watch(world, ofAccounts(a, b, c))];
        for (const _ of range(1, stepCount)) {
          steps.shift()?.resolve();
          await world.pay(a, b, world[where]);
        }
        await world.create('a', world[where]);
        world.here.source.delay = () => Promise.resolve();
        for (const step of steps) step.resolve();
        // It touches neither: what they missed nobody would mend.
        const { sequence } = await world.credit(c, world[where]);
        for (const stream of streams) {
          await stream.until((items) => viewsOf(items).some((view) => view.sequence >= sequence));
          const expected = balancesIn(world, 'a');
          for (const id of [a, b, c]) expect(latestOf(stream.items).get(id)).toBe(expected.get(id));
          for (const id of [a, b]) {
            const own = viewsOf(stream.items).filter(({ accountId }) => accountId === id);
            const sequences = own.map((view) => view.sequence);
            expect(sequences).toEqual(sequences.toSorted((x, y) => x - y));
          }
          await stream.stop();
        }
      }
    }
  });

  it('goes back to nothing that its snapshot had left behind, however it is booked', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const account = { kind: 'id', id: a } as const;
    for (const number of range(1, 60)) {
      const key = `hold ${number}`;
      const terms = { account, amount: '1', ttlMs: 1_000, reference: 'r', idempotencyKey: key };
      await world.submit(parseCreateHold(terms));
    }
    world.journal.now = instantFromMs(world.journal.now + 2_000);
    const streams = [watch(world, ofCustomer), watch(world, ofAccounts(a))];
    for (const stream of streams) await stream.until(isLive);
    const { sequence } = world.history().at(-1) ?? { sequence: 0 };
    // A command books a part of what is due: 50 moves, and then the others.
    const book = { kind: 'parsed', value: { kind: 'book_due_moves', account } } as const;
    for (const _ of range(1, 2)) {
      await world.submit(book);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    expect(world.history()).toHaveLength(sequence + 60);
    await world.credit(a);
    for (const stream of streams) {
      await stream.until((items) => latestOf(items).get(a) === 1000001n);
      expect(viewsOf(stream.items).map(({ held }) => held)).toEqual([0n, 0n]);
      await stream.stop();
    }
  });

  it('beats with a position that moves on', async () => {
    const world = createWatchedBook({ timing: { heartbeatMs: 2 } });
    await world.create('a');
    const stream = watch(world, ofCustomer);
    await stream.until(isLive);
    const b = await world.create('b');
    await world.credit(b);
    await stream.until((items) => items.at(-1)?.kind === 'heartbeat' && reached(items) === 3);
    expect(stream.items.at(-1)).toEqual({ kind: 'heartbeat', position: world.positionAt(3) });
    expect(viewsOf(stream.items)).toHaveLength(1);
    await stream.stop();
  });

  it('ends by its signal and leaves nothing behind', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const streams = [watch(world, ofCustomer), watch(world, ofAccounts(a))];
    for (const stream of streams) await stream.until(isLive);
    expect(world.here.feed.watcherCount()).toBe(2);
    for (const stream of streams) await stream.stop();
    expect(world.here.feed.watcherCount()).toBe(0);
    expect(world.here.feed.size().watchedCount).toBe(0);
  });

  it('ends when the book has another history', async () => {
    const world = createWatchedBook({ timing: { pollMs: 5 } });
    const a = await world.create('a');
    const restore = world.journal.backUp(world.book);
    await world.credit(a);
    const stream = watch(world, ofCustomer);
    await stream.until(isLive);
    restore();
    expect(await stream.ended()).toMatchObject({ kind: 'history_diverged', headSequence: 1 });
  });

  it('of no accounts is an empty snapshot, and then beats', async () => {
    const world = createWatchedBook({ timing: { heartbeatMs: 2 } });
    const a = await world.create('a');
    const stream = watch(world, ofAccounts());
    await stream.until(isLive);
    await world.credit(a);
    await stream.until((items) => reached(items) === 2);
    expect(viewsOf(stream.items)).toEqual([]);
    expect(stream.items[0]).toEqual({ kind: 'snapshot_end', position: world.positionAt(1) });
    await stream.stop();
  });

  it('is refused for an unknown account, and for a customer with too many', async () => {
    const world = createWatchedBook();
    const unknown = watch(world, ofAccounts('cca_00000000000' as AccountId));
    expect(await unknown.ended()).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'ACCOUNT_NOT_FOUND' },
    });
    await Promise.all(range(1, 1001).map(() => world.create('a')));
    expect(await watch(world, ofCustomer).ended()).toMatchObject({ kind: 'accounts_too_many' });
    expect(world.here.feed.watcherCount()).toBe(0);
    const history = recordStream((signal) =>
      world.here.feed.watchHistory(
        world.book,
        { filter: { scope: ofCustomer }, start: { kind: 'now' } },
        signal,
      ),
    );
    await history.until((items) => items.some(({ kind }) => kind === 'caught_up'));
    const { sequence } = await world
      .create('a')
      .then(() => world.history().at(-1) ?? { sequence: 0 });
    await history.until((items) => items.some(({ position }) => position.sequence === sequence));
    await history.stop();
  });
});
