// Commands on accounts, and how they are made from unchecked input.
import { parseAmount, type DecimalText } from '../value/amount.ts';
import { parseOptionalIdempotencyKey } from '../value/idempotency-key.ts';
import { parseMetadata, type Metadata } from '../value/metadata.ts';
import { parseCommand, parseFields, parseOptionalWhole } from '../value/parse-fields.ts';
import { present } from '../value/present.ts';
import { parsed, refuseField, type Parsed } from '../value/refusal.ts';
import { parseOptionalText, parseText } from '../value/text.ts';
import type { AccountRef, AccountStatus, PersonalFields } from './account.ts';

/** Makes an account, with an opening credit if the amount is not zero. */
export interface CreateAccount {
  readonly kind: 'create_account';
  /** Absent: the account is a customer of its own. */
  readonly customerId?: string;
  readonly name: string;
  readonly unitLabel: string;
  readonly unitScale?: number;
  readonly externalId?: string;
  readonly personal: PersonalFields;
  readonly initialBalance?: DecimalText;
  readonly idempotencyKey?: string;
}

/** Changes personal fields. A field that is absent stays; an empty one is removed. */
export interface UpdateAccount {
  readonly kind: 'update_account';
  readonly account: AccountRef;
  readonly displayName?: string;
  readonly email?: string;
  readonly metadata?: Metadata;
  readonly idempotencyKey?: string;
}

/** Freezes, unfreezes or closes an account. */
export interface ChangeAccountStatus {
  readonly kind: 'freeze_account' | 'unfreeze_account' | 'close_account';
  readonly account: AccountRef;
  readonly idempotencyKey?: string;
}

/** The status that each change leads to. */
export const statusAfter = {
  freeze_account: 'frozen',
  unfreeze_account: 'active',
  close_account: 'closed',
} as const satisfies Record<ChangeAccountStatus['kind'], AccountStatus>;

/** Beginnings that an external id may not have: it could be mistaken for an id. */
const reservedExternalIdPrefixes = ['cca_', 'acc_'] as const;

/** A request for an account, as it came in. Empty name and unit mean their defaults. */
export interface UncheckedCreateAccount {
  readonly customerId: string;
  /** True, with an empty customer id: the account is a customer of its own. */
  readonly ownCustomer?: boolean | undefined;
  readonly name?: string | undefined;
  readonly unitLabel?: string | undefined;
  readonly unitScale?: number | undefined;
  readonly externalId?: string | undefined;
  readonly displayName?: string | undefined;
  readonly email?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly initialBalance?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** Checks a request for an account. Refuses with the field named. */
export function parseCreateAccount(unchecked: UncheckedCreateAccount): Parsed<CreateAccount> {
  const nameRule = { field: 'name', lengthMax: 100, trim: true };
  const labelRule = { field: 'unit_label', lengthMax: 50, trim: true };
  const scaleRule = { field: 'unit_scale', min: 0, max: 18 };
  const fields = parseFields({
    customerId: parseCustomerId(unchecked),
    name: parseText(unchecked.name || 'default', nameRule),
    unitLabel: parseText(unchecked.unitLabel || 'credits', labelRule),
    unitScale: parseOptionalWhole(unchecked.unitScale, scaleRule),
    externalId: parseExternalId(unchecked.externalId),
    personal: parsePersonalFields(unchecked),
    initialBalance: parseInitialBalance(unchecked.initialBalance),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
  if (fields.kind === 'refused') return fields;
  const { personal, ...rest } = fields.value;
  return parsed({
    kind: 'create_account',
    ...rest,
    // An empty object was given, so it is kept: it is shown as it was sent.
    personal: { ...withoutEmpty(personal), ...present('metadata', personal.metadata) },
  });
}

/** A change of personal fields, as it came in. */
export interface UncheckedUpdateAccount {
  readonly account: AccountRef;
  readonly displayName?: string | undefined;
  readonly email?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** Checks a change of personal fields. Refuses with the field named, and a change of nothing. */
export function parseUpdateAccount(unchecked: UncheckedUpdateAccount): Parsed<UpdateAccount> {
  const fields = parseFields({
    account: parseAccountRef(unchecked.account),
    personal: parsePersonalFields(unchecked),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
  if (fields.kind === 'refused') return fields;
  const { personal, ...rest } = fields.value;
  if (Object.keys(personal).length === 0) {
    return refuseField('display_name', 'or email or metadata is required');
  }
  return parsed({ kind: 'update_account', ...rest, ...personal });
}

/** Checks a change of status. */
export function parseChangeAccountStatus(
  kind: ChangeAccountStatus['kind'],
  unchecked: { readonly account: AccountRef; readonly idempotencyKey?: string | undefined },
): Parsed<ChangeAccountStatus> {
  return parseCommand(kind, {
    account: parseAccountRef(unchecked.account),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}

/** Checks how an account is named. Whether it exists is the decision's business. */
export function parseAccountRef(unchecked: AccountRef, field = 'account'): Parsed<AccountRef> {
  const [text, path] =
    unchecked.kind === 'id'
      ? [unchecked.id, `${field}.id`]
      : [unchecked.externalId, `${field}.external_id`];
  const checked = parseText(text, { field: path, lengthMax: 255 });
  return checked.kind === 'refused' ? checked : parsed(unchecked);
}

function parseCustomerId(unchecked: UncheckedCreateAccount): Parsed<string | undefined> {
  if (unchecked.ownCustomer !== true) {
    return parseText(unchecked.customerId, { field: 'customer_id', lengthMax: 255 });
  }
  if (unchecked.customerId === '') return parsed(undefined);
  return refuseField('own_customer', 'is set, so customer_id is left empty');
}

function parseExternalId(unchecked: string | undefined): Parsed<string | undefined> {
  const text = parseOptionalText(unchecked, { field: 'external_id', lengthMax: 255 });
  if (text.kind === 'refused' || text.value === undefined) return text;
  const reserved = reservedExternalIdPrefixes.find((prefix) => unchecked?.startsWith(prefix));
  return reserved === undefined ? text : refuseField('external_id', `begins with ${reserved}`);
}

function parseInitialBalance(unchecked: string | undefined): Parsed<DecimalText | undefined> {
  if (unchecked === undefined) return parsed(undefined);
  return parseAmount(unchecked, { field: 'initial_balance', allowZero: true });
}

function parsePersonalFields(unchecked: {
  readonly displayName?: string | undefined;
  readonly email?: string | undefined;
  readonly metadata?: Metadata | undefined;
}): Parsed<PersonalFields> {
  const { displayName, email, metadata } = unchecked;
  return parseFields({
    displayName: parseOptionalText(displayName, {
      field: 'display_name',
      lengthMin: 0,
      lengthMax: 255,
    }),
    email: parseOptionalText(email, { field: 'email', lengthMin: 0, lengthMax: 320 }),
    metadata: parseGivenMetadata(metadata),
  });
}

/** Metadata in which an empty object is told from none. */
function parseGivenMetadata(unchecked: Metadata | undefined): Parsed<Metadata | undefined> {
  const metadata = parseMetadata(unchecked);
  if (unchecked === undefined || metadata.kind === 'refused') return metadata;
  return parsed(metadata.value ?? {});
}

/** Leaves out the fields that a request named only to empty them. */
export function withoutEmpty(personal: PersonalFields): PersonalFields {
  return {
    ...present('displayName', personal.displayName || undefined),
    ...present('email', personal.email || undefined),
    ...present(
      'metadata',
      personal.metadata && Object.keys(personal.metadata).length > 0
        ? personal.metadata
        : undefined,
    ),
  };
}
