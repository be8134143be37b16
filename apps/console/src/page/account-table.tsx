// The accounts with their balances. One is selected: its history stands below.
import type { AccountView } from '../state/state.ts';
import { Amount } from './amount.tsx';
import { showHistory } from './show-history.ts';

export type AccountTableProps = {
  readonly accounts: readonly AccountView[];
  readonly hasMore: boolean;
  readonly selectedId: string | undefined;
  readonly onSelect: (accountId: string) => void;
};

export function AccountTable({ accounts, hasMore, selectedId, onSelect }: AccountTableProps) {
  return (
    <section aria-labelledby="accounts">
      <h2 id="accounts">Accounts</h2>
      {hasMore && (
        <p class="hint">
          There are more accounts than this page can watch. These are the{' '}
          {accounts.length.toLocaleString()} newest.
        </p>
      )}
      <table class="accounts">
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Status</th>
            <th scope="col" class="number">
              Held
            </th>
            <th scope="col" class="number">
              Available
            </th>
            <th scope="col" class="number">
              Balance
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <AccountRow
              key={account.id}
              account={account}
              isSelected={account.id === selectedId}
              onSelect={() => onSelect(account.id)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type AccountRowProps = {
  readonly account: AccountView;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
};

function AccountRow({ account, isSelected, onSelect }: AccountRowProps) {
  const { id, name, unitLabel, unitScale, status, balance } = account;
  return (
    <tr class={isSelected ? 'selected' : undefined}>
      <th scope="row">
        <label title={id} onClick={showHistory}>
          <input type="radio" name="account" checked={isSelected} onChange={onSelect} />
          <span class="name">{name}</span>
        </label>
      </th>
      <td data-label="Status">
        <span class="badge" data-status={status}>
          {status}
        </span>
      </td>
      <td class="number" data-label="Held">
        <Amount amount={balance.held} unitScale={unitScale} />
      </td>
      <td class="number" data-label="Available">
        <Amount amount={balance.available} unitScale={unitScale} />
      </td>
      <td class="number balance" data-label="Balance">
        {/* Another key makes another element, which begins its animation anew. */}
        <span key={balance.changeCount} class={balance.changeCount > 0 ? 'changed' : undefined}>
          <Amount amount={balance.balance} unitScale={unitScale} />
        </span>{' '}
        <span class="unit">{unitLabel}</span>
      </td>
    </tr>
  );
}
