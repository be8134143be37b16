// Items of a batch, as the commands that their single calls make.
import type { BatchItem } from '@scrip/contract';
import {
  refuseField,
  type Parsed,
  type PostOneSided,
  type PostTransaction,
  type ReverseTransaction,
} from '@scrip/kernel';
import {
  fromProtoCreditRequest,
  fromProtoDebitRequest,
  fromProtoPostTransactionRequest,
  fromProtoReverseTransactionRequest,
} from './from-proto-transaction-requests.ts';

/** The command of an item: equal to that of its single call, and refused as that is. */
export function fromProtoBatchItem({
  item,
}: BatchItem): Parsed<PostOneSided | PostTransaction | ReverseTransaction> {
  switch (item.case) {
    case 'credit':
      return fromProtoCreditRequest(item.value);
    case 'debit':
      return fromProtoDebitRequest(item.value);
    case 'post':
      return fromProtoPostTransactionRequest(item.value);
    case 'reverse':
      return fromProtoReverseTransactionRequest(item.value);
    case undefined:
      return refuseField('item', 'is required: credit, debit, post or reverse');
  }
}
