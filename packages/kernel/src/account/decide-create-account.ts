// May this account be made, and with which opening credit?
import { nameIndex, type BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import { buildPosting } from '../transaction/build-posting.ts';
import type { Posting } from '../transaction/transaction.ts';
import { scaleAmount } from '../value/amount.ts';
import { present } from '../value/present.ts';
import { parsed, refuse, type Parsed, type Refusal } from '../value/refusal.ts';
import type { Unit } from '../value/unit.ts';
import type { AccountSnapshot } from './account.ts';
import type { CreateAccount } from './commands.ts';

/**
 * Decides the making of an account. Refuses a taken external id or name, another scale for a known
 * unit, and an opening amount finer than the unit. No credit, no account: both are one event.
 */
export function decideCreateAccount(state: BookState, command: CreateAccount): Decision {
  const unit = decideUnit(state, command);
  if (unit.kind === 'refused') return unit;
  const taken = findTaken(state, command);
  if (taken !== undefined) return taken;
  const amount = scaleOpening(command, unit.value);
  if (amount.kind === 'refused') return amount;
  const empty = newAccount(state, command, unit.value);
  const opening = amount.value === 0n ? undefined : openingPosting(state, empty, amount.value);
  const account = { ...empty, balance: amount.value };
  const accepted = accept(state, command, {
    kind: 'account_created',
    account,
    ...present('opening', opening),
  });
  return { ...accepted, personal: command.personal };
}

function decideUnit(state: BookState, command: CreateAccount): Parsed<Unit> {
  const label = command.unitLabel;
  const known = state.units.get(label);
  if (known === undefined) return parsed({ label, scale: command.unitScale ?? 0 });
  if (command.unitScale === undefined || command.unitScale === known.scale) {
    return parsed({ label, scale: known.scale });
  }
  const message = `The unit ${label} has ${known.scale} fraction digits.`;
  const metadata = { field: 'unit_scale', unit_label: label, scale: String(known.scale) };
  return refuse('UNIT_SCALE_CONFLICT', message, metadata);
}

function findTaken(state: BookState, command: CreateAccount): Refusal | undefined {
  const { customerId, name, externalId } = command;
  const byExternalId =
    externalId === undefined ? undefined : state.accountIdsByExternalId.get(externalId);
  if (byExternalId !== undefined) {
    const metadata = { field: 'external_id', account_id: byExternalId };
    return refuse('EXTERNAL_ID_TAKEN', 'An account has that external id.', metadata);
  }
  // A customer of its own has no other accounts.
  const byName =
    customerId === undefined ? undefined : state.accountIdsByName.get(nameIndex(customerId, name));
  if (byName === undefined) return undefined;
  const metadata = { field: 'name', account_id: byName };
  return refuse('ACCOUNT_NAME_TAKEN', 'The customer has an account of that name.', metadata);
}

function scaleOpening(command: CreateAccount, unit: Unit): Parsed<bigint> {
  if (command.initialBalance === undefined) return parsed(0n);
  return scaleAmount(command.initialBalance, unit.scale, 'initial_balance');
}

function newAccount(state: BookState, command: CreateAccount, unit: Unit): AccountSnapshot {
  const sequence = nextSequence(state);
  const id = state.ids.accountId(sequence, state.instant);
  return {
    id,
    customerId: command.customerId ?? id,
    name: command.name,
    ...present('externalId', command.externalId),
    unit,
    status: 'active',
    balance: 0n,
    held: 0n,
    createdAt: state.instant,
    updatedAt: state.instant,
    sequence,
  };
}

function openingPosting(state: BookState, account: AccountSnapshot, amount: bigint): Posting {
  const terms = {
    kind: 'opening',
    reference: 'opening',
    idempotencyKey: `opening:${account.id}`,
    counterpart: 'issued',
  } as const;
  return buildPosting(state, [{ account, side: 'credit', amount }], terms);
}
