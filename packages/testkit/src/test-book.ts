// A book for tests of the rules: submits unchecked input, applies what is accepted.
import {
  applyAccepted,
  assert,
  createBookState,
  createIds,
  decide,
  eventsOf,
  instantFromMs,
  parseChangeAccountStatus,
  parseCreateAccount,
  parsePostOneSided,
  parsePostTransaction,
  parseReverseTransaction,
  parseUpdateAccount,
  postingOf,
  requestDigest,
  type AccountId,
  type AccountRef,
  type BookEvent,
  type ChangeAccountStatus,
  type Command,
  type Decision,
  type Parsed,
  type Sequence,
  type Side,
  type TransactionId,
  type UncheckedCreateAccount,
  type UncheckedUpdateAccount,
} from '@scrip/kernel';

type Line = readonly [account: AccountId, side: Side, amount: string];

/** Makes an empty book whose clock moves a millisecond with every command. */
export function createTestBook() {
  const idKey = new Uint8Array(32).fill(1);
  const head = { sequence: 0 as Sequence, instant: instantFromMs(1_700_000_000_000) };
  const state = createBookState({ ids: createIds(idKey), idKey }, head);
  const events: BookEvent[] = [];
  let keyCount = 0;
  const submit = (command: Parsed<Command>): Decision => {
    if (command.kind === 'refused') return command;
    state.instant = instantFromMs(state.instant + 1);
    const decision = decide(state, command.value);
    if (decision.kind === 'accepted') {
      events.push(...eventsOf(decision));
      applyAccepted(state, decision, requestDigest(state, command.value));
    }
    return decision;
  };
  const terms = (key?: string) => ({
    reference: 'ref',
    idempotencyKey: key ?? `key ${++keyCount}`,
  });
  const create = (unchecked: UncheckedCreateAccount) => submit(parseCreateAccount(unchecked));
  const postTo = (kind: Side, account: AccountRef, more: { amount: string; key?: string }) =>
    submit(parsePostOneSided(kind, { account, amount: more.amount, ...terms(more.key) }));
  const entries = (...lines: readonly Line[]) =>
    submit(
      parsePostTransaction({
        entries: lines.map(([id, side, amount]) => ({ account: byId(id), side, amount })),
        ...terms(),
      }),
    );
  return {
    state,
    events,
    submit,
    create,
    postTo,
    entries,
    createId: (unchecked: UncheckedCreateAccount): AccountId => {
      const { change } = eventOf(create(unchecked));
      assert(change.kind === 'account_created', 'the event made an account');
      return change.account.id;
    },
    // oxlint-disable-next-line max-params -- a line of a test reads better without names
    post: (kind: Side, id: string, amount: string, key?: string) =>
      postTo(kind, byId(id), { amount, ...(key === undefined ? {} : { key }) }),
    transfer: (from: AccountId, to: AccountId, amount: string) =>
      entries([from, 'debit', amount], [to, 'credit', amount]),
    reverse: (transactionId: string, account?: string) =>
      submit(
        parseReverseTransaction({ transactionId, account: account ? byId(account) : undefined }),
      ),
    status: (kind: ChangeAccountStatus['kind'], id: string) =>
      submit(parseChangeAccountStatus(kind, { account: byId(id) })),
    update: (id: string, more: Omit<UncheckedUpdateAccount, 'account'>) =>
      submit(parseUpdateAccount({ account: byId(id), ...more })),
    balance: (id?: AccountId) =>
      (id === undefined ? [...state.accounts.values()][0] : state.accounts.get(id))?.balance,
    transactionId: (decision: Decision): TransactionId => {
      const posting = postingOf(eventOf(decision));
      assert(posting !== undefined, 'the event posted a transaction');
      return posting.transaction.id;
    },
  };
}

function eventOf(decision: Decision): BookEvent {
  assert('event' in decision, 'the decision has an event');
  return decision.event;
}

function byId(id: string): AccountRef {
  return { kind: 'id', id };
}
