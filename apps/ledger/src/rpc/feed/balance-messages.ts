// What a stream of balances is told, as messages.
import { create } from '@bufbuild/protobuf';
import { toProtoBalanceChange, toProtoBalanceNotice, toProtoFeedPosition } from '@scrip/codec';
import { FeedPositionSchema, type WatchBalancesResponse } from '@scrip/contract';
import type { BalanceItem, Book } from '@scrip/engine';
import { noSequence } from '../../view/viewer.ts';
import type { Cursors } from './cursor.ts';

/** The message of an item. */
export type BalanceMessage = (item: BalanceItem) => WatchBalancesResponse;

/** The message of an item as an API key is told it. */
export const wholeBalanceMessage: BalanceMessage = (item) =>
  item.kind === 'balance'
    ? toProtoBalanceChange(item.view)
    : toProtoBalanceNotice(item.kind, toProtoFeedPosition(item.position));

/** Makes the messages of an access token: without sequences, and with cursors for positions. */
export function createViewerBalanceMessage(cursors: Cursors, book: Book): BalanceMessage {
  return (item) => {
    if (item.kind === 'balance') {
      return toProtoBalanceChange({ ...item.view, sequence: noSequence });
    }
    const cursor = cursors.seal(book, item.position);
    return toProtoBalanceNotice(item.kind, create(FeedPositionSchema, { cursor }));
  };
}
