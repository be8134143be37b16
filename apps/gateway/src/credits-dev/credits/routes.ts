// The calls that add and deduct credits without a reservation.
import type { Account, Transaction } from '@scrip/contract';
import type { App } from '../../app.ts';
import type { FacadeTools } from '../../facade.ts';
import { exactNumber } from '../../json/parse-json.ts';
import { known } from '../../known.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { refer } from '../../shapes.ts';
import { findAccount } from '../accounts/find-account.ts';
import { shownExternalId } from '../accounts/present.ts';
import { keyOf, refOf } from '../act.ts';
import { readAmount } from '../amounts.ts';
import { toShownAccountId } from '../ids.ts';
import { instantOf } from '../instant.ts';
import { metadataWith } from '../metadata.ts';
import { errors, IdempotencyHeaders } from '../shapes.ts';
import * as schemas from './schemas.ts';

const tags = ['Accounts'];
const headers = IdempotencyHeaders;

export function addCreditRoutes(app: App, tools: FacadeTools): void {
  addAddRoute(app, tools);
  addDeductRoute(app, tools);
}

function addAddRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.AddedSchema), ...errors };
  app.post(
    '/accounts/credits/add',
    { schema: { tags, summary: 'Add', headers, body: schemas.AddBody, response } },
    async (request, reply) => {
      const { body } = request;
      const { description, paymentMethod, metadata, expiresAt } = body;
      const amount = readAmount(body.amount, { field: 'amount' });
      // Plain credits make one plain number; only an end of their own makes them a grant.
      const hasEnd = typeof expiresAt === 'string';
      const grant = hasEnd ? { expiresAt: instantOf(expiresAt, 'expiresAt') } : undefined;
      const call = ledgerCall(request, reply);
      const account = await findAccount(ledger, body, call);
      const asked = {
        account: refOf(account),
        amount,
        reference: description ?? 'credits/add',
        idempotencyKey: keyOf(request.headers),
        ...metadataWith(metadata, { paymentMethod }),
        ...(grant && { grant: { ...grant, ...(paymentMethod && { source: paymentMethod }) } }),
      };
      const { transaction } = await ledger.credit(asked, call);
      return { ...presentChanged(account, transaction), added: exactNumber(amount) };
    },
  );
}

function addDeductRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.DeductedSchema), ...errors };
  app.post(
    '/accounts/credits/deduct',
    { schema: { tags, summary: 'Deduct', headers, body: schemas.DeductBody, response } },
    async (request, reply) => {
      const { body } = request;
      const amount = readAmount(body.amount, { field: 'amount' });
      const call = ledgerCall(request, reply);
      const account = await findAccount(ledger, body, call);
      const asked = {
        account: refOf(account),
        amount,
        reference: body.description ?? 'credits/deduct',
        idempotencyKey: keyOf(request.headers),
        ...metadataWith(body.metadata, {}),
      };
      const { transaction } = await ledger.debit(asked, call);
      return { ...presentChanged(account, transaction), deducted: exactNumber(amount) };
    },
  );
}

function presentChanged(account: Account, transaction: Transaction | undefined) {
  const [entry] = known(transaction).entries;
  return {
    success: true as const,
    accountId: toShownAccountId(account.id),
    externalId: shownExternalId(account),
    balance: exactNumber(known(entry).balanceAfter),
  };
}
