// What the clients of one run know together: what exists, what was sent, what is still open.
import type { AccountAnswer, TransactionAnswer, WriteAnswer } from '../history/answer.ts';
import type { Write } from '../history/call.ts';
import type { Random } from './random.ts';

export type KnownAccount = {
  readonly externalId: string;
  readonly id: string;
  readonly unitLabel: string;
};

export type World = {
  /** Every name that the run makes begins with it. */
  readonly run: string;
  readonly accounts: KnownAccount[];
  readonly frozen: Set<KnownAccount>;
  /** What the last answer said that an account has, by account id; it may have changed since. */
  readonly balances: Map<string, string>;
  /** The latest, oldest first; older ones are forgotten. */
  readonly transactions: Ring<TransactionAnswer>;
  readonly writes: Ring<Write>;
  readonly sequences: Ring<number>;
  /** The highest sequence that an answer has told. */
  readonly highest: () => number;
  readonly instants: Ring<string>;
  /** Calls about accounts with an unknown outcome and no answer yet, by key. */
  readonly open: Map<string, Write>;
  /** Counts what the run makes, for names. */
  readonly nextNumber: () => number;
  readonly learn: (write: Write, answer: WriteAnswer) => void;
};

export type Ring<T> = {
  readonly push: (item: T) => void;
  readonly pick: (random: Random) => T | undefined;
};

const remembered = 2_000;

export function createWorld(run: string): World {
  let number = 0;
  let highest = 0;
  const accounts: KnownAccount[] = [];
  const frozen = new Set<KnownAccount>();
  const balances = new Map<string, string>();
  const transactions = createRing<TransactionAnswer>();
  const sequences = createRing<number>();
  const instants = createRing<string>();
  const learn = (write: Write, { account, transaction, sequence }: WriteAnswer): void => {
    if (sequence !== undefined) sequences.push(Number(sequence));
    highest = Math.max(highest, Number(sequence ?? 0));
    if (transaction !== undefined) {
      transactions.push(transaction);
      for (const { accountId, balanceAfter } of transaction.entries) {
        balances.set(accountId, balanceAfter);
      }
      instants.push(transaction.createdAt);
    }
    if (account !== undefined) learnAccount({ accounts, frozen }, write, account);
  };
  return {
    run,
    accounts,
    frozen,
    balances,
    transactions,
    writes: createRing<Write>(),
    sequences,
    highest: () => highest,
    instants,
    open: new Map(),
    nextNumber: () => (number += 1),
    learn,
  };
}

type Known = Pick<World, 'accounts' | 'frozen'>;

function learnAccount({ accounts, frozen }: Known, { method }: Write, account: AccountAnswer) {
  const { id, externalId = '', unitLabel } = account;
  const known = accounts.find((each) => each.id === id);
  if (known === undefined) {
    if (method === 'CreateAccount') accounts.push({ externalId, id, unitLabel });
    return;
  }
  if (method === 'FreezeAccount') frozen.add(known);
  if (method === 'UnfreezeAccount' || method === 'CloseAccount') frozen.delete(known);
}

function createRing<T>(): Ring<T> {
  const items: T[] = [];
  let next = 0;
  return {
    push: (item) => {
      items[next] = item;
      next = (next + 1) % remembered;
    },
    pick: (random) => random.pick(items),
  };
}
