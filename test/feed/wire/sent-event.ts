// An event of the gateway's feed turned back into the contract's message, so that it can be
// compared with what other protocols tell.
import { fromJson, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import {
  AccountStatus,
  EntrySide,
  EventSchema,
  SystemAccount,
  TransactionKind,
  type Event,
} from '@scrip/contract';

const changes = {
  account_created: 'accountCreated',
  account_updated: 'accountUpdated',
  account_frozen: 'accountFrozen',
  account_unfrozen: 'accountUnfrozen',
  account_closed: 'accountClosed',
  transaction_posted: 'transactionPosted',
} as const;

export type SentKind = keyof typeof changes;

export function isSentKind(text: string): text is SentKind {
  return Object.hasOwn(changes, text);
}

/** The event as the contract has it. */
export function fromSentEvent(kind: SentKind, data: JsonObject): Event {
  const { sequence = 0, created_at: createdAt, idempotency_key: key } = data;
  const posted = (transaction: JsonValue | undefined): JsonObject => ({
    transaction: toTransaction(transaction as JsonObject),
    counterpart: toEnum(SystemAccount, 'SYSTEM_ACCOUNT', data['counterpart']),
  });
  const change: JsonObject =
    kind === 'transaction_posted'
      ? posted(data['transaction'])
      : {
          account: toAccount(data['account'] as JsonObject, sequence),
          ...(data['opening'] === undefined ? {} : { opening: posted(data['opening']) }),
          ...(data['changed_fields'] === undefined
            ? {}
            : { changedFields: data['changed_fields'] }),
        };
  return fromJson(EventSchema, {
    sequence,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(key === undefined ? {} : { idempotencyKey: key }),
    [changes[kind]]: change,
  });
}

/** The gateway leaves an account's sequence out: in an event of the account it is the event's. */
function toAccount(account: JsonObject, sequence: JsonValue): JsonObject {
  const { status, ...rest } = account;
  return {
    ...camelCased(rest),
    status: toEnum(AccountStatus, 'ACCOUNT_STATUS', status),
    sequence,
  };
}

function toTransaction({ kind, entries, metadata, ...rest }: JsonObject): JsonObject {
  const lines = (entries as readonly JsonObject[]).map(({ side, ...entry }) => ({
    ...camelCased(entry),
    side: toEnum(EntrySide, 'ENTRY_SIDE', side),
  }));
  return {
    ...camelCased(rest),
    kind: toEnum(TransactionKind, 'TRANSACTION_KIND', kind),
    entries: lines,
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function camelCased(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

function toEnum(names: object, prefix: string, word: JsonValue | undefined): JsonValue {
  const name = typeof word === 'string' ? word.toUpperCase() : 'UNSPECIFIED';
  if (!Object.hasOwn(names, name)) throw new Error(`${prefix} has no ${name}`);
  return `${prefix}_${name}`;
}
