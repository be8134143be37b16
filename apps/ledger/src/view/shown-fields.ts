// What an answer tells the bearer of an access token: the fields that are named here. A field that
// is added to the contract is not shown until it is named.
import { clone, type DescMessage, type Message } from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import {
  AccountSchema,
  AllocationSchema,
  BalanceSchema,
  BatchGetBalancesResponseSchema,
  EntrySchema,
  GetAccountResponseSchema,
  GetBalanceResponseSchema,
  ListAccountsResponseSchema,
  ListEntriesResponseSchema,
} from '@scrip/contract';
import { assert } from '@scrip/kernel';

const unitFields = ['unit_label', 'unit_scale'];
const balanceFields = ['balance', 'held', 'available'];
const nameFields = ['id', 'customer_id', 'name', 'display_name', 'status'];
const entryFields = ['id', 'account_id', 'side', 'amount', 'balance_after', 'allocations'];

/** By message. No sequence: sequences count what happens in the whole book. */
export const shownFields: ReadonlyMap<string, readonly string[]> = new Map([
  [GetAccountResponseSchema.typeName, ['account']],
  [ListAccountsResponseSchema.typeName, ['accounts', 'has_more', 'total_size']],
  [GetBalanceResponseSchema.typeName, ['balance']],
  [BatchGetBalancesResponseSchema.typeName, ['balances']],
  [ListEntriesResponseSchema.typeName, ['entries', 'has_more']],
  [
    AccountSchema.typeName,
    [...nameFields, ...unitFields, ...balanceFields, 'created_at', 'updated_at'],
  ],
  [BalanceSchema.typeName, ['account_id', ...unitFields, ...balanceFields, 'updated_at']],
  [EntrySchema.typeName, [...entryFields, 'transaction_id', 'created_at']],
  [AllocationSchema.typeName, ['grant_id', 'amount']],
]);

/** A copy of an answer with what is shown to the bearer of an access token. */
export function showToViewer<Answer extends Message>(desc: DescMessage, answer: Answer): Answer {
  const shown = clone(desc, answer);
  hideTheRest(reflect(desc, shown));
  return shown as Answer;
}

function hideTheRest(message: ReflectMessage): void {
  const names = shownFields.get(message.desc.typeName);
  assert(names !== undefined, `it is said what ${message.desc.typeName} shows to a token`);
  for (const field of message.fields) {
    if (!names.includes(field.name)) {
      message.clear(field);
    } else if (field.fieldKind === 'message' && isOurs(field.message)) {
      if (message.isSet(field)) hideTheRest(message.get(field));
    } else if (field.fieldKind === 'list' && field.listKind === 'message') {
      for (const item of message.get(field)) hideTheRest(item as ReflectMessage);
    }
  }
}

/** The types of others, as instants are, have no fields to hide. */
function isOurs({ typeName }: DescMessage): boolean {
  return typeName.startsWith('scrip.');
}
