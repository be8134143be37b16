// The calls that list transactions, and that make one by hand.
import type { CallOptions, ScripClient } from '@scrip/client';
import type { Transaction } from '@scrip/contract';
import { TransactionKind } from '@scrip/contract';
import type { Static } from 'typebox';
import type { App } from '../../app.ts';
import type { FacadeTools } from '../../facade.ts';
import { unknownRoute } from '../../faults/answer-faults.ts';
import { invalidField } from '../../faults/fault.ts';
import { known } from '../../known.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { refer } from '../../shapes.ts';
import { findAccount } from '../accounts/find-account.ts';
import { keyOf, refOf } from '../act.ts';
import { readAmount } from '../amounts.ts';
import { dayOrInstantOf } from '../instant.ts';
import { metadataWith } from '../metadata.ts';
import { findHold } from '../reservations/find-reservation.ts';
import { presentReservation } from '../reservations/present.ts';
import { errors, IdempotencyHeaders } from '../shapes.ts';
import { listTransactions } from './list-transactions.ts';
import { presentNewTransaction, presentTransaction } from './present.ts';
import * as schemas from './schemas.ts';

const tags = ['Transactions'];

export function addTransactionRoutes(app: App, tools: FacadeTools): void {
  addListRoute(app, tools);
  addCreateRoute(app, tools);
}

function addListRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.ListSchema), ...errors };
  app.get(
    '/transactions',
    {
      schema: { tags, summary: 'List', querystring: schemas.ListQuery, response },
      // The commerce API has one transaction under the same path, which is its own then.
      onRequest: async (request) => {
        if (Object.hasOwn(request.query, 'transaction_id')) throw unknownRoute(request);
      },
    },
    async (request, reply) => {
      const { limit, offset, accountId, externalId } = request.query;
      const include = includeOf(request.query.include);
      const bounds = boundsOf(request.query);
      const call = ledgerCall(request, reply);
      const isOfAll = accountId === undefined && externalId === undefined;
      const account = isOfAll ? undefined : await findAccount(ledger, request.query, call);
      const filters = { ...bounds, ...(account && { account: refOf(account) }) };
      const page = await listTransactions(ledger, { filters, page: { limit, offset } }, call);
      const { transactions, hasMore, totalCount } = page;
      const related = await relatedOf(ledger, { transactions, include }, call);
      return {
        items: transactions.map((each) => ({
          ...presentTransaction(each, account?.id),
          ...related(each),
        })),
        pagination: { limit, offset, totalCount, hasMore },
      };
    },
  );
}

function addCreateRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.CreatedSchema), ...errors };
  const headers = IdempotencyHeaders;
  app.post(
    '/transactions/create',
    { schema: { tags, summary: 'Create', headers, body: schemas.CreateBody, response } },
    async (request, reply) => {
      const { body } = request;
      const asked = {
        amount: readAmount(body.amount, { field: 'amount' }),
        reference: body.description ?? 'transactions/create',
        idempotencyKey: keyOf(request.headers),
        ...metadataWith(body.metadata, {}),
      };
      const call = ledgerCall(request, reply);
      const account = refOf(await findAccount(ledger, body, call));
      const { transaction } = await ledger[body.type]({ account, ...asked }, call);
      return { success: true as const, transaction: presentNewTransaction(known(transaction)) };
    },
  );
}

function boundsOf({ startDate, endDate }: Static<typeof schemas.ListQuery>) {
  return {
    ...(startDate === undefined ? {} : { createdFrom: dayOrInstantOf(startDate, 'startDate') }),
    ...(endDate === undefined ? {} : { createdBefore: dayOrInstantOf(endDate, 'endDate') }),
  };
}

const includable = ['reservation', 'usage'] as const;
type Included = (typeof includable)[number];

function includeOf(text = ''): ReadonlySet<string> {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.some((name) => name !== '' && !includable.includes(name as Included));
  if (unknown) throw invalidField('include', `must be some of ${includable.join(', ')}`);
  return new Set(names);
}

type Asked = {
  readonly transactions: readonly Transaction[];
  readonly include: ReadonlySet<string>;
};

/** Holds that are read at once. */
const readsMax = 20;

/** What is shown beside a transaction: its reservation, and its usage, which is not kept here. */
async function relatedOf(ledger: ScripClient, asked: Asked, call: CallOptions) {
  const { transactions, include } = asked;
  const ids = include.has('reservation') ? transactions.flatMap(reservationIdsOf) : [];
  const reservations = new Map<string, object>();
  for (let at = 0; at < ids.length; at += readsMax) {
    const part = ids.slice(at, at + readsMax);
    const holds = await Promise.all(part.map((id) => findHold(ledger, id, call)));
    for (const [index, hold] of holds.entries()) {
      if (hold !== undefined) reservations.set(part[index] ?? '', presentReservation(hold));
    }
  }
  return (transaction: Transaction) => {
    const [id] = reservationIdsOf(transaction);
    return {
      ...(include.has('reservation') ? { reservation: reservations.get(id ?? '') ?? null } : {}),
      ...(include.has('usage') ? { usage: null } : {}),
    };
  };
}

/** A confirmation says in its metadata what it confirmed. */
function reservationIdsOf({ kind, metadata }: Transaction): readonly string[] {
  const id = metadata?.['reservationId'];
  return kind === TransactionKind.CAPTURE && typeof id === 'string' ? [id] : [];
}
