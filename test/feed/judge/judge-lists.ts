// Compares what is stored with what lists and single reads tell of it.
import type { BalanceRecord } from '../record/watch.ts';
import type { Ledger } from '../writers/world.ts';
import { postedOf, type Truth } from './truth.ts';
import type { Violation } from './violation.ts';

/** All transactions by ListTransactions, against the stored events; and that none is missing. */
export async function judgeTransactions(
  truth: Truth,
  ledger: Ledger,
): Promise<readonly Violation[]> {
  const listed: string[] = [];
  let cursor: { case: 'startingAfter'; value: string } | { case: undefined } = { case: undefined };
  for (;;) {
    const { transactions, hasMore } = await ledger.listTransactions({ pageSize: 1_000, cursor });
    listed.push(...transactions.map(({ id, sequence }) => `${id} ${sequence}`));
    const last = transactions.at(-1);
    if (!hasMore || last === undefined) break;
    cursor = { case: 'startingAfter', value: last.id };
  }
  const stored = truth.events.flatMap(({ event, sequence }) => {
    const id = postedOf(event)?.transaction?.id;
    return id === undefined ? [] : [`${id} ${sequence}`];
  });
  const at = stored.findIndex((line, i) => listed[listed.length - 1 - i] !== line);
  const isDense = truth.events.every(({ sequence }, i) => sequence === i + 1);
  const say = (text: string): Violation => ({ property: 'history', watcher: 'the lists', text });
  return [
    ...(isDense ? [] : [say('the stored sequences have gaps')]),
    ...(at < 0 && listed.length === stored.length
      ? []
      : [say(`the list differs at ${stored[at]}`)]),
  ];
}

/** A snapshot is what GetBalance answers at its sequence. */
export async function judgeSnapshots(
  records: readonly BalanceRecord[],
  ledger: Ledger,
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const byKey = records.filter(({ caller }) => caller.kind === 'key');
  for (const { name, attempts } of byKey) {
    const { told = [] } = attempts.findLast((attempt) => attempt.told.length > 2) ?? {};
    const snapshot = told.slice(
      0,
      told.findIndex(({ kind }) => kind === 'snapshot_end'),
    );
    for (const each of snapshot.slice(0, 5)) {
      if (each.kind !== 'balance') continue;
      const { accountId, balance, sequence } = each.balance;
      const { balance: answer } = await ledger.getBalance({
        account: { ref: { case: 'id', value: accountId } },
        point: { case: 'atSequence', value: sequence },
      });
      if (answer?.balance === balance) continue;
      const text = `${accountId} at ${sequence}: ${balance} was told, ${answer?.balance} is read`;
      violations.push({ property: 'balance', watcher: name, text });
    }
  }
  return violations;
}
