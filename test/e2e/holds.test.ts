// Holds under many callers and two processes: nothing is captured twice, and the rest goes back.

import { EntrySide, HoldStatus, type Hold } from '@scrip/contract';
import { ScripError } from '@scrip/client/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  byName,
  named,
  recordAccount,
  startTermsWorld,
  there,
  type TermsServer,
  type TermsWorld,
} from './terms-world.ts';

let world: TermsWorld;
let one: TermsServer;
let two: TermsServer;

beforeAll(async () => {
  world = await startTermsWorld(2);
  one = world.servers[0];
  two = world.servers[1] ?? one;
});

afterAll(() => world?.stop());

const callerCount = 8;

it('captures a hold of 100 in 50 pieces by 8 callers, and gives back what is left', async () => {
  await open('pieces', '60');
  // The pool comes before a grant of priority 90: of 100 it gives the first 60.
  const grant = { priority: 90 };
  await one.ledger.credit({ ...byName('pieces'), amount: '60', grant, ...named() });
  const record = recordAccount(two.ledger, 'pieces');
  const hold = await keep('pieces', '100');
  expect(hold.allocations.map(({ amount }) => amount)).toEqual(['60', '40']);
  const pieces = Array.from({ length: 50 }, (_, n) => String(1 + (n % 2)));
  const queue = [...pieces.entries()];
  const take = async (caller: number): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [piece, amount] = next;
      const request = { holdId: hold.id, amount, more: true, idempotencyKey: `piece ${piece}` };
      const [first, again] = await Promise.all([
        serverOf(caller).ledger.captureHold(request),
        serverOf(caller + 1).ledger.captureHold(request),
      ]);
      expect(again).toEqual(first);
    }
  };
  await Promise.all(Array.from({ length: callerCount }, (_, caller) => take(caller)));
  const over = { holdId: hold.id, amount: '26', more: true, idempotencyKey: 'over' };
  await expect(two.ledger.captureHold(over)).rejects.toMatchObject({
    reason: 'HOLD_EXCEEDED',
    metadata: { required: '26', remaining: '25' },
  });
  const { hold: released } = await two.ledger.releaseHold({ holdId: hold.id });
  expect(released).toMatchObject({ captured: '75', remaining: '0', status: HoldStatus.RELEASED });
  // 60 of the 75 were the pool's; 15 of the 40 were the grant's, and 25 went back to it.
  expect(await one.ledger.explainBalance(byName('pieces'))).toMatchObject({
    balance: { balance: '45', held: '0', available: '45' },
    pool: '0',
    poolHeld: '0',
    grants: [{ amount: '60', remaining: '45', held: '0' }],
    holds: [],
  });
  await expect.poll(() => record.kinds().at(-1)).toBe('holdReleased');
  await expect.poll(() => record.balances.at(-1)?.held).toBe('0');
  expect(record.kinds().filter((kind) => kind === 'holdCaptured')).toHaveLength(50);
  expect(record.balances.map(({ balance, held }) => Number(balance) - Number(held))).toSatisfy(
    (available: number[]) => available.every((amount) => amount >= 20),
  );
  expect(record.balances.at(-1)).toMatchObject({ balance: '45', held: '0', available: '45' });
  await record.end();
});

it('gives exactly 50 of 64 pieces of 2, whoever asks for them', async () => {
  await open('crowd', '100');
  const hold = await keep('crowd', '100');
  const asked = Array.from({ length: 64 }, (_, n) => {
    const request = { holdId: hold.id, amount: '2', more: true, idempotencyKey: `crowd ${n}` };
    return reasonOf(serverOf(n).ledger.captureHold(request));
  });
  const reasons = await Promise.all(asked);
  expect(reasons.filter((reason) => reason === 'ok')).toHaveLength(50);
  expect(reasons.filter((reason) => reason === 'HOLD_NOT_ACTIVE')).toHaveLength(14);
  expect(await balanceOf('crowd')).toMatchObject({ balance: '0', held: '0' });
});

it('lets one of two processes capture the last unit', async () => {
  await open('last', '30');
  const winners = new Set<number>();
  for (let round = 0; round < 30; round++) {
    const { id: holdId } = await keep('last', '1');
    const race = [one, two].map(({ ledger }, server) =>
      reasonOf(
        ledger.captureHold({
          holdId,
          amount: '1',
          more: true,
          idempotencyKey: `last ${round} ${server}`,
        }),
      ),
    );
    const reasons = await Promise.all(race);
    expect(reasons.toSorted()).toEqual(['HOLD_NOT_ACTIVE', 'ok']);
    winners.add(reasons.indexOf('ok'));
    const { hold } = await two.ledger.getHold({ holdId });
    expect(hold).toMatchObject({ captured: '1', remaining: '0', status: HoldStatus.CAPTURED });
  }
  expect(await balanceOf('last')).toMatchObject({ balance: '0', held: '0' });
  const spent = { ...byName('last'), amount: '1', ...named() };
  expect(await reasonOf(one.ledger.debit(spent))).toBe('INSUFFICIENT_BALANCE');
});

it('lets a final capture and a release race, and keeps to the one that won', async () => {
  await open('ends', '100');
  let balance = 100;
  for (let round = 0; round < 20; round++) {
    const { id: holdId } = await keep('ends', '2');
    const [captured, released] = await Promise.all([
      reasonOf(one.ledger.captureHold({ holdId, ...named() })),
      reasonOf(two.ledger.releaseHold({ holdId })),
    ]);
    expect([captured, released].toSorted()).toEqual(['HOLD_NOT_ACTIVE', 'ok']);
    if (captured === 'ok') balance -= 2;
    expect(await balanceOf('ends')).toMatchObject({ balance: String(balance), held: '0' });
  }
});

it('keeps what is held from debits and transfers', async () => {
  await open('kept', '10');
  await open('other', '0');
  const hold = await keep('kept', '7');
  const entries = [
    { ...byName('kept'), side: EntrySide.DEBIT, amount: '4' },
    { ...byName('other'), side: EntrySide.CREDIT, amount: '4' },
  ];
  const short = { reason: 'INSUFFICIENT_BALANCE', metadata: { required: '4', available: '3' } };
  const debit = two.ledger.debit({ ...byName('kept'), amount: '4', ...named() });
  await expect(debit).rejects.toMatchObject(short);
  const transfer = one.ledger.postTransaction({ entries, ...named() });
  await expect(transfer).rejects.toMatchObject(short);
  const { holds } = await two.ledger.listHolds({ ...byName('kept'), pendingOnly: true });
  expect(holds).toEqual([hold]);
});

it('leaves a book that is intact', async () => {
  const { exitCode, stdout } = await world.verify();
  expect(exitCode).toBe(0);
  expect(stdout).toContain('intact');
});

const serverOf = (n: number): TermsServer => (n % 2 === 0 ? one : two);

async function open(name: string, initialBalance: string): Promise<void> {
  await one.ledger.createAccount({ customerId: name, externalId: name, initialBalance });
}

async function keep(name: string, amount: string): Promise<Hold> {
  const { hold } = await one.ledger.createHold({ ...byName(name), amount, ...named() });
  return there(hold);
}

async function balanceOf(name: string) {
  const { balance } = await two.ledger.getBalance(byName(name));
  return balance;
}

/** `ok`, or why a call was refused. */
async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return error instanceof ScripError ? (error.reason ?? error.code) : 'bug';
  }
}
