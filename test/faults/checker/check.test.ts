// Every kind of violation, made by hand in a small history, is found.
import { describe, expect, it } from 'vitest';
import type { Operation } from '../history/operation.ts';
import { checkHistory } from './check.ts';
import {
  accountAnswer,
  balanceRead,
  created,
  credited,
  debited,
  historyOf,
  instant,
  insufficient,
  lostCredit,
  operation,
  readBack,
  refusedDebit,
  transactionAnswer,
  wallet,
} from './example.ts';

const ten = { sequence: 2, amount: '10', after: '10' } as const;
const credit = credited(ten);
const shownCredit = transactionAnswer('Credit', ten);

async function findings(...operations: readonly Operation[]): Promise<readonly string[]> {
  const { violations } = await checkHistory(historyOf(...operations));
  return violations.map(({ check, sentence }) => `${check}: ${sentence}`);
}

describe('a right history', () => {
  it('has no violation', async () => {
    const operations = [
      created(),
      credit,
      { ...credit, replay: true, client: 1, invokedUs: 900, returnedUs: 901 },
      refusedDebit('11', insufficient('11', '10'), { sequence: 2 }),
      balanceRead('10', { sequence: 2 }),
      debited({ sequence: 3, amount: '4', after: '6' }),
      ...readBack(
        3,
        shownCredit,
        transactionAnswer('Debit', { sequence: 3, amount: '4', after: '6' }),
      ),
    ];
    const report = await checkHistory(historyOf(...operations));
    expect(report).toMatchObject({ violations: [], effects: 3, head: 3, replays: 1, refused: 1 });
  });

  it('may have an unknown outcome that took effect, and one that did not', async () => {
    const operations = [
      created(),
      lostCredit('10', 'k2', { from: 150, to: 160 }),
      lostCredit('99', 'never', { from: 150, to: 160 }),
      debited({ sequence: 3, amount: '10', after: '0' }),
      ...readBack(
        3,
        shownCredit,
        transactionAnswer('Debit', { sequence: 3, amount: '10', after: '0' }),
      ),
    ];
    expect(await findings(...operations)).toEqual([]);
  });
});

describe('resolve', () => {
  it('finds a transaction that nobody sent', async () => {
    const found = await findings(created(), ...readBack(2, shownCredit));
    expect(found[0]).toMatch(/^resolve: sequence 2 has a transaction that nobody sent/);
  });

  it('finds a transaction with another amount than the one sent', async () => {
    const found = await findings(created(), lostCredit('11', 'k2'), ...readBack(2, shownCredit));
    expect(found[0]).toMatch(/^resolve: .*nobody sent/);
  });

  it('finds that something told to be unwritten was written', async () => {
    const failed = { ...lostCredit('10', 'k2'), outcome: 'failed' } as const;
    const found = await findings(created(), failed, ...readBack(2, shownCredit));
    expect(found).toEqual([expect.stringMatching(/^answers: the key k2 took effect at 2; its/)]);
  });
});

describe('order', () => {
  it('finds a gap', async () => {
    const found = await findings(created(), credited({ sequence: 3, amount: '1', after: '1' }));
    expect(found).toContain('order: sequence 2 belongs to nothing that was sent');
  });

  it('finds a sequence given twice', async () => {
    const found = await findings(created(), credit, credited({ ...ten, key: 'other' }));
    expect(found[0]).toMatch(/^order: sequence 2 was answered to the key k2 and to the key other/);
  });

  it('finds an answer that told no sequence', async () => {
    const { sequence: _, ...without } = credit;
    expect(await findings(created(), { ...without, sequence: undefined })).toEqual([
      'answers: an answer does not tell its sequence',
    ]);
  });

  it('finds an instant that goes back', async () => {
    const earlier = { createdAt: '2025-12-31T23:59:59.999Z' };
    const found = await findings(created(), credited({ ...ten, shown: earlier }));
    expect(found[0]).toMatch(/^order: sequence 2 is at 2025.* before 2026/);
  });

  it('finds an answer beyond the head that the book ended at', async () => {
    const found = await findings(created(), credit, ...readBack(1));
    expect(found).toContain('order: sequence 2 was answered and the head ended at 1');
  });
});

describe('replay', () => {
  it('finds a wrong balance in an answer', async () => {
    const found = await findings(created(), credited({ ...ten, after: '11' }));
    expect(found[0]).toMatch(/^replay: .*balanceAfter: expected "10", got "11"/);
  });

  it('finds a debit beyond the balance that was accepted', async () => {
    const found = await findings(created(), debited({ sequence: 2, amount: '1', after: '-1' }));
    expect(found[0]).toMatch(/^replay: Debit took effect at sequence 2.*INSUFFICIENT_BALANCE/);
  });

  it('finds a refusal of what is covered', async () => {
    const refused = refusedDebit('9', insufficient('9', '0'), { sequence: 2 });
    expect(await findings(created(), credit, refused)).toEqual([
      expect.stringMatching(/^replay: Debit was refused .* after sequence 2; .* accepted$/),
    ]);
  });

  it('finds a refusal with wrong facts', async () => {
    const refused = refusedDebit('11', insufficient('11', '9'), { sequence: 2 });
    const found = await findings(created(), credit, refused);
    expect(found).toEqual([expect.stringMatching(/^replay: .*"available":"9".*"available":"10"/)]);
  });

  it('finds a refusal with the wrong code', async () => {
    const answer = { ...insufficient('11', '10'), code: 'aborted' };
    const refused = refusedDebit('11', answer, { sequence: 2 });
    expect(await findings(created(), credit, refused)).toHaveLength(1);
  });

  it('finds a write on a frozen account', async () => {
    const request = { account: wallet, idempotencyKey: 'freeze' };
    const account = accountAnswer({ status: 'ACCOUNT_STATUS_FROZEN', sequence: '2' });
    const answer = { account, sequence: '2' };
    const frozen = operation({ method: 'FreezeAccount', request }, answer, { sequence: 2 });
    const found = await findings(
      created(),
      frozen,
      credited({ sequence: 3, amount: '1', after: '1' }),
    );
    expect(found).toEqual([expect.stringMatching(/^replay: Credit took effect .*ACCOUNT_FROZEN/)]);
  });
});

describe('real time', () => {
  it('finds a write that comes before one that had ended when it began', async () => {
    const late = credited({ ...ten, from: 1_000, to: 1_001 });
    const found = await findings(
      created(),
      late,
      debited({ sequence: 3, amount: '1', after: '9' }),
    );
    expect(found).toEqual([expect.stringMatching(/^real time: Credit at sequence 2 began 660 µs/)]);
  });

  it('finds a refusal on a state older than what was known when it began', async () => {
    const refused = refusedDebit('1', insufficient('1', '0'), { sequence: 1, from: 900, to: 901 });
    expect(await findings(created(), credit, refused)).toEqual([
      expect.stringMatching(/^real time: Debit, refused after sequence 1 began/),
    ]);
  });

  it('finds a read that is older than a write that had ended', async () => {
    const stale = balanceRead('0', { sequence: 1, from: 900, to: 901 });
    expect(await findings(created(), credit, stale)).toEqual([
      expect.stringMatching(/^real time: GetBalance, ok after sequence 1 began/),
    ]);
  });
});

describe('idempotency', () => {
  it('finds a key with two effects', async () => {
    const again = credited({ sequence: 3, amount: '10', after: '20', key: 'k2' });
    const found = await findings(created(), credit, again);
    expect(found).toContain('idempotency: the key k2 took effect twice, at 2 and 3');
  });

  it('finds a replay with another answer', async () => {
    const other = credited({ ...ten, replay: true, shown: { id: 'cct_other' } });
    const found = await findings(created(), credit, other);
    expect(found[0]).toMatch(/^idempotency: the key k2 was answered .*cct_2.* and .*cct_other/);
  });

  it('finds a replay that is not marked', async () => {
    const found = await findings(created(), credit, credit);
    expect(found).toEqual([
      'idempotency: the key k2 was answered 2 times as if for the first time',
    ]);
  });

  it('finds a replay of what nobody had sent', async () => {
    const found = await findings(created(), credited({ ...ten, replay: true }));
    expect(found[0]).toMatch(/^idempotency: the key k2 was answered with a replay, and nobody/);
  });

  it('finds another request that was accepted as a replay', async () => {
    const other = credited({ ...ten, amount: '11', replay: true });
    const requestOfOther = { ...credit, requestText: other.requestText, replay: true };
    const found = await findings(created(), credit, requestOfOther);
    expect(found[0]).toMatch(/^idempotency: the key k2 was answered with sequence 2 to another/);
  });
});

describe('reads', () => {
  it('finds a balance that never was', async () => {
    const found = await findings(created(), credit, balanceRead('11', { sequence: 2 }));
    expect(found).toEqual([expect.stringMatching(/^reads: GetBalance .*expected "10", got "11"/)]);
  });

  it('finds an account that exists and is not found', async () => {
    const metadata = { account: 'cca_wallet' };
    const answer = { code: 'not_found', reason: 'ACCOUNT_NOT_FOUND', metadata };
    const call = { method: 'GetAccount', request: { account: wallet } } as const;
    const read = operation(call, answer, { outcome: 'refused', sequence: 1 });
    expect(await findings(created(), read)).toEqual([
      expect.stringMatching(/^reads: GetAccount was refused .*expected no refusal$/),
    ]);
  });

  it('finds an entry that is missing in a history', async () => {
    const call = { method: 'ListEntries', request: { account: wallet, pageSize: 5 } } as const;
    const read = operation(call, { sequence: '2' }, { sequence: 2 });
    expect(await findings(created(), credit, read)).toEqual([
      expect.stringMatching(/^reads: ListEntries .*entries\[0\]/),
    ]);
  });

  it('finds a transaction that is answered and does not exist', async () => {
    const call = { method: 'GetTransaction', request: { transactionId: 'cct_none' } } as const;
    const read = operation(call, { transaction: shownCredit, sequence: '2' }, { sequence: 2 });
    expect(await findings(created(), credit, read)).toEqual([
      expect.stringMatching(/^reads: GetTransaction at sequence 2 was answered/),
    ]);
  });

  it('compares a balance of the past with the past', async () => {
    const past = (balance: string) => {
      const request = { account: wallet, atSequence: '1' };
      const told = { accountId: 'cca_wallet', unitLabel: 'credits', updatedAt: instant };
      const amounts = { balance, held: '0', available: balance };
      const answer = { balance: { ...told, ...amounts, sequence: '1' }, sequence: '2' };
      return operation({ method: 'GetBalance', request }, answer, { sequence: 2 });
    };
    expect(await findings(created(), credit, past('0'))).toEqual([]);
    expect(await findings(created(), credit, past('10'))).toHaveLength(1);
  });
});

describe('final state', () => {
  it('finds an acknowledged transaction that is gone', async () => {
    const found = await findings(created(), credit, ...readBack(2));
    expect(found).toEqual([
      expect.stringMatching(/^final state: the key k2 .* which the final history does not have$/),
    ]);
  });

  it('finds a transaction that reads otherwise than it was answered', async () => {
    const found = await findings(
      created(),
      credit,
      ...readBack(2, { ...shownCredit, id: 'cct_x' }),
    );
    expect(found).toEqual([expect.stringMatching(/^final state: sequence 2 was answered .*cct_x/)]);
  });

  it('finds an answer that is a bug of the service', async () => {
    const answer = { code: 'internal', reason: 'INTERNAL', metadata: {} };
    const failed = { ...lostCredit('1', 'k'), answerText: JSON.stringify(answer) };
    expect(await findings(created(), failed)).toEqual([
      'answers: Credit was answered with a bug: internal',
    ]);
  });
});
