// The bodies of requests with marks in the places of account, number and instant, so that a call
// needs nothing but those bytes.
import {
  create,
  toBinary,
  toJsonString,
  type DescMessage,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import {
  BatchMode,
  CreateAccountRequestSchema,
  CreditRequestSchema,
  DebitRequestSchema,
  GetBalanceRequestSchema,
  ListEntriesRequestSchema,
  PostBatchRequestSchema,
} from '@scrip/contract';
import type { Load } from './load.ts';

/** Stands for the number of a call: its key and its reference end with it. */
export const numberMark = '9081726354';
/** Stands for an instant: seconds and nanoseconds, each a varint of five bytes. */
export const secondsMark = 0x7a_bc_de_f1;
export const nanosMark = 0x3a_bc_de_f1;

/** What accounts of the bench begin with, and a debit that none of them can pay. */
const openingBalance = '1000000000';
const tooMuch = '9000000000';
const pageSize = 50;

/** What is sent to a path. */
export type Body = { readonly path: string; readonly bytes: Uint8Array };

/** The kinds of requests that a load is made of. */
export type RequestKind = 'credit' | 'debit' | 'refused' | 'other';
export type Bodies = Readonly<Partial<Record<RequestKind, Body>>>;

/** The requests of a load. `accountMark` stands for an account, `run` begins every key. */
export function bodiesOf(load: Load, accountMark: string, run: string): Bodies {
  const marks = { account: accountMark, key: `${run}-${numberMark}` };
  if (load.call === undefined || load.call === 'post') {
    const sayPost = load.protocol === 'rest' ? sayInRest : sayInContract;
    return {
      credit: sayPost(load, { ...marks, side: 'credit', amount: '1' }),
      debit: sayPost(load, { ...marks, side: 'debit', amount: '1' }),
      refused: sayPost(load, { ...marks, side: 'debit', amount: tooMuch }),
    };
  }
  return { other: otherBody(load, marks) };
}

type Marks = { readonly account: string; readonly key: string };
type Post = Marks & { readonly side: 'credit' | 'debit'; readonly amount: string };

function sayInRest(_: Load, { account, key, side, amount }: Post): Body {
  const body = { amount, reference: referenceMark, idempotency_key: key };
  return {
    path: `/v1/customer-credits/accounts/${account}/${side}`,
    bytes: Buffer.from(JSON.stringify(body)),
  };
}

const referenceMark = `order_${numberMark}`;

function sayInContract(load: Load, post: Post): Body {
  return post.side === 'credit'
    ? say(load, 'Credit', [CreditRequestSchema, postOf(post)])
    : say(load, 'Debit', [DebitRequestSchema, postOf(post)]);
}

function postOf({ account, key, amount }: Omit<Post, 'side'>) {
  return { account: refOf(account), amount, reference: referenceMark, idempotencyKey: key };
}

function refOf(id: string) {
  return { ref: { case: 'id' as const, value: id } };
}

function otherBody(load: Load, marks: Marks): Body {
  const account = refOf(marks.account);
  switch (load.call) {
    case 'create': {
      const customerId = `customer ${numberMark}`;
      const request = { customerId, initialBalance: openingBalance };
      return say(load, 'CreateAccount', [CreateAccountRequestSchema, request]);
    }
    case 'batch':
      return say(load, 'PostBatch', [PostBatchRequestSchema, batchOf(load, marks)]);
    case 'history':
      return say(load, 'ListEntries', [ListEntriesRequestSchema, { account, pageSize }]);
    case 'balance-at': {
      const value = { seconds: BigInt(secondsMark), nanos: nanosMark };
      const request = { account, point: { case: 'at' as const, value } };
      return say(load, 'GetBalance', [GetBalanceRequestSchema, request]);
    }
    default:
      return say(load, 'GetBalance', [GetBalanceRequestSchema, { account }]);
  }
}

function batchOf({ batchSize = 100, refusedShare = 0 }: Load, marks: Marks) {
  const refusedCount = Math.round(batchSize * refusedShare);
  const items = Array.from({ length: batchSize }, (_, place) => {
    const isRefused = place >= batchSize - refusedCount;
    const value = postOf({ ...marks, amount: isRefused ? tooMuch : '1' });
    return isRefused ? { item: { case: 'debit' as const, value } } : creditItem(value);
  });
  return { items, mode: BatchMode.INDEPENDENT };
}

function creditItem(value: ReturnType<typeof postOf>) {
  return { item: { case: 'credit' as const, value } };
}

function say<Desc extends DescMessage>(
  { protocol }: Load,
  method: string,
  [schema, init]: readonly [schema: Desc, init: MessageInitShape<Desc>],
): Body {
  const message = create(schema, init);
  const path = `/scrip.ledger.v1.LedgerService/${method}`;
  if (protocol === 'connect-json') {
    return { path, bytes: Buffer.from(toJsonString(schema, message)) };
  }
  const bytes = toBinary(schema, message);
  return { path, bytes: protocol === 'connect' ? bytes : enveloped(bytes) };
}

function enveloped(bytes: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}
