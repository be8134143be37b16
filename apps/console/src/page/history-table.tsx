// The history of one account, newest first.
import type { AccountHistory, EntryRow } from '../state/account-history.ts';
import type { AccountView } from '../state/state.ts';
import type { Actions } from './actions.ts';
import { Amount } from './amount.tsx';
import { Instant, timeZone } from './instant.tsx';

export type HistoryTableProps = {
  readonly account: AccountView;
  readonly history: AccountHistory;
  readonly actions: Actions;
};

export function HistoryTable({ account, history, actions }: HistoryTableProps) {
  const { rows } = history;
  return (
    <section aria-labelledby="history" aria-busy={history.page === 'loading'}>
      <h2 id="history">
        History of <span class="name">{account.name}</span>
      </h2>
      {rows.length > 0 && <p class="hint">Times are those of {timeZone}.</p>}
      {rows.length > 0 && (
        <table class="history">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Kind</th>
              <th scope="col" class="number">
                Amount
              </th>
              <th scope="col" class="number">
                Balance after
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <HistoryRow key={row.id} row={row} unitScale={account.unitScale} />
            ))}
          </tbody>
        </table>
      )}
      <HistoryEnd accountId={account.id} history={history} actions={actions} />
    </section>
  );
}

function HistoryRow({ row, unitScale }: { readonly row: EntryRow; readonly unitScale: number }) {
  const isCredit = row.side === 'credit';
  return (
    <tr class={row.isLive ? 'changed' : undefined}>
      <td class="when">
        <Instant atMs={row.createdAtMs} />
      </td>
      <td class="kind" title={row.transactionId}>
        {isCredit ? 'Credit' : 'Debit'}
      </td>
      <td class="number" data-side={row.side}>
        <Amount amount={row.amount} unitScale={unitScale} sign={isCredit ? '+' : '−'} />
      </td>
      <td class="number after" data-label="Balance after">
        <Amount amount={row.balanceAfter} unitScale={unitScale} />
      </td>
    </tr>
  );
}

type HistoryEndProps = {
  readonly accountId: string;
  readonly history: AccountHistory;
  readonly actions: Actions;
};

/** What stands below the rows: more of them, nothing, or why there is nothing. */
function HistoryEnd({ accountId, history, actions }: HistoryEndProps) {
  const { page, rows, hasOlder } = history;
  if (typeof page === 'object') {
    return (
      <p class="failure" role="alert">
        {page.failure}{' '}
        <button type="button" onClick={() => actions.readOlder(accountId)}>
          Try again
        </button>
      </p>
    );
  }
  if (rows.length === 0) {
    const text = page === 'loading' ? 'Reading the history…' : 'Nothing has happened here yet.';
    return <p class="empty">{text}</p>;
  }
  if (!hasOlder) return <p class="end">The history begins here.</p>;
  return (
    <button
      type="button"
      aria-disabled={page === 'loading'}
      onClick={() => page === 'loaded' && actions.readOlder(accountId)}
    >
      {page === 'loading' ? 'Reading older entries…' : 'Show older entries'}
    </button>
  );
}
