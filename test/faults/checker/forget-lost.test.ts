// A history whose end was lost is right without that end, and wrong with it.
import { expect, it } from 'vitest';
import { checkHistory } from './check.ts';
import {
  balanceRead,
  created,
  credited,
  debited,
  historyOf,
  readBack,
  transactionAnswer,
} from './example.ts';
import { countLost, forgetLost } from './forget-lost.ts';

const kept = { sequence: 2, amount: '10', after: '10' } as const;
const again = { sequence: 3, amount: '4', after: '6', key: 'new' } as const;

// The credit at 3 and a read of it were answered, then lost; another debit took its place.
const history = () =>
  historyOf(
    created(),
    credited(kept),
    credited({ sequence: 3, amount: '5', after: '15', key: 'lost' }),
    balanceRead('15', { sequence: 3 }),
    debited({ ...again, from: 2_000, to: 2_001 }),
    ...readBack(3, transactionAnswer('Credit', kept), transactionAnswer('Debit', again)),
  );

it('takes out what was answered behind the fork until it was lost', async () => {
  const fork = { sequence: 2, endedUs: 1_000 };
  expect(await countLost(history(), fork)).toBe(1);
  expect((await checkHistory(forgetLost(history(), fork))).violations).toEqual([]);
});

it('leaves in what was answered later, and what lies before the fork', async () => {
  const report = await checkHistory(forgetLost(history(), { sequence: 2, endedUs: 100 }));
  expect(report.violations).not.toEqual([]);
  expect(await countLost(history(), { sequence: 3, endedUs: 1_000 })).toBe(0);
});
