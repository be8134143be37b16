// The calls about accounts and their balances.
import type { Static } from 'typebox';
import type { App } from '../../app.ts';
import type { FacadeTools } from '../../facade.ts';
import { FaultError, invalidField } from '../../faults/fault.ts';
import { known } from '../../known.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { refer } from '../../shapes.ts';
import { accountName, findAccount } from './find-account.ts';
import { isOwnId } from '../ids.ts';
import { keptMetadata } from '../metadata.ts';
import { AccountQuery, errors, IdempotencyHeaders } from '../shapes.ts';
import * as present from './present.ts';
import * as schemas from './schemas.ts';

const tags = ['Accounts'];

export function addAccountRoutes(app: App, tools: FacadeTools): void {
  addCreateRoute(app, tools);
  addListRoute(app, tools);
  addFindRoutes(app, tools);
}

function addCreateRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.CreatedSchema), ...errors };
  const headers = IdempotencyHeaders;
  app.post(
    '/accounts/create',
    { schema: { tags, summary: 'Create', headers, body: schemas.CreateBody, response } },
    async (request, reply) => {
      const idempotencyKey = request.headers['idempotency-key'];
      const asked = createRequest(request.body, idempotencyKey);
      const { account } = await ledger.createAccount(asked, ledgerCall(request, reply));
      const shown = present.presentAccount(known(account), request.caller.storeId);
      return { success: true as const, account: shown };
    },
  );
}

function addListRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.ListSchema), ...errors };
  app.get(
    '/accounts',
    { schema: { tags, summary: 'List', querystring: schemas.ListQuery, response } },
    async (request, reply) => {
      const { limit, offset } = request.query;
      const asked = { name: accountName, pageSize: limit, skip: offset, countTotal: true };
      const answer = await ledger.listAccounts(asked, ledgerCall(request, reply));
      const { storeId } = request.caller;
      const totalCount = Number(answer.totalSize ?? 0n);
      return {
        accounts: answer.accounts.map((account) => present.presentAccount(account, storeId)),
        pagination: { limit, offset, totalCount, hasMore: answer.hasMore },
      };
    },
  );
}

function addFindRoutes(app: App, { ledger }: FacadeTools): void {
  const querystring = AccountQuery;
  const account = { 200: refer(schemas.AccountSchema), ...errors };
  app.get(
    '/accounts/get',
    { schema: { tags, summary: 'Get', querystring, response: account } },
    async (request, reply) => {
      const found = await findAccount(ledger, request.query, ledgerCall(request, reply));
      return present.presentAccount(found, request.caller.storeId);
    },
  );

  const balance = { 200: refer(schemas.BalanceSchema), ...errors };
  app.get(
    '/accounts/balance',
    { schema: { tags, summary: 'Balance', querystring, response: balance } },
    async (request, reply) => {
      const found = await findAccount(ledger, request.query, ledgerCall(request, reply));
      return present.presentBalance(found);
    },
  );
}

function createRequest(body: Static<typeof schemas.CreateBody>, idempotencyKey?: string) {
  const { name, externalId, email, metadata } = body;
  if (!name && !externalId) {
    const issues = [{ field: 'externalId', problem: 'is required when there is no name' }];
    throw new FaultError('FIELD_MISSING', 'name or externalId is required.', { issues });
  }
  if (externalId && isOwnId(externalId)) {
    throw invalidField('externalId', 'may not begin with acc_ or cca_');
  }
  return {
    name: accountName,
    ...(externalId ? { customerId: externalId, externalId } : { ownCustomer: true }),
    ...(name ? { displayName: name } : {}),
    ...(email ? { email } : {}),
    ...(metadata ? { metadata: keptMetadata(metadata) } : {}),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}
