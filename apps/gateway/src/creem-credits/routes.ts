// The fifteen calls of the Customer Credits API.
import type { App } from '../app.ts';
import type { FacadeTools } from '../facade.ts';
import { isoInstant } from '../instants.ts';
import { ledgerCall } from '../ledger-call.ts';
import { refer } from '../shapes.ts';
import { listAccounts } from './list-accounts.ts';
import * as present from './present.ts';
import * as requests from './requests.ts';
import * as schemas from './schemas.ts';
import { refuseUnknownAccount } from './unknown-account.ts';

const tags = ['Customer Credits'];
const error = refer(schemas.ErrorSchema);
const errors = { '4xx': error, '5xx': error };
const account = { 200: refer(schemas.AccountSchema), ...errors };
const posted = { 201: refer(schemas.TransactionSchema), ...errors };

export function addRoutes(app: App, tools: FacadeTools): void {
  addAccountRoutes(app, tools);
  addReadRoutes(app, tools);
  addStatusRoutes(app, tools);
  addPostingRoutes(app, tools);
  addTransactionRoutes(app, tools);
}

function addAccountRoutes(app: App, tools: FacadeTools): void {
  const { ledger } = tools;
  const created = { 201: refer(schemas.AccountSchema), ...errors };
  app.post(
    '/accounts',
    { schema: { tags, summary: 'Create', body: schemas.CreateAccountBody, response: created } },
    async (request, reply) => {
      const { customer_id: customerId, name, unit_label: unitLabel, ...rest } = request.body;
      const { initial_balance: initialBalance } = rest;
      const asked = {
        customerId,
        // The blanks around them do not count towards the length that the ledger allows.
        ...(name === undefined ? {} : { name: name.trim() }),
        ...(unitLabel === undefined ? {} : { unitLabel: unitLabel.trim() }),
        ...(initialBalance === undefined ? {} : { initialBalance }),
      };
      const answer = await ledger.createAccount(asked, ledgerCall(request, reply));
      void reply.code(201);
      return present.presentAccount(answer.account, request.caller.storeId);
    },
  );

  const listed = { 200: refer(schemas.AccountListSchema), ...errors };
  app.get(
    '/accounts',
    { schema: { tags, summary: 'List', querystring: schemas.AccountsQuery, response: listed } },
    async (request, reply) => {
      const { customer_id: customerId } = request.query;
      const page = requests.pageRequest(request.query);
      const asked = { ...page, ...(customerId === undefined ? {} : { customerId }) };
      const answer = await listAccounts(tools, asked, ledgerCall(request, reply));
      const { accounts, hasMore } = answer;
      const { storeId } = request.caller;
      return present.presentList(
        accounts.map((each) => present.presentAccount(each, storeId)),
        hasMore,
      );
    },
  );
}

function addReadRoutes(app: App, { ledger }: FacadeTools): void {
  const params = schemas.IdParams;
  app.get(
    '/accounts/:id',
    { schema: { tags, summary: 'Get', params, response: account } },
    async (request, reply) => {
      const asked = { account: requests.accountRef(request.params.id) };
      const answer = await ledger.getAccount(asked, ledgerCall(request, reply));
      return present.presentAccount(answer.account, request.caller.storeId);
    },
  );

  const balance = { 200: refer(schemas.BalanceSchema), ...errors };
  const querystring = schemas.BalanceQuery;
  app.get(
    '/accounts/:id/balance',
    { schema: { tags, summary: 'Balance', params, querystring, response: balance } },
    async (request, reply) => {
      const ref = requests.accountRef(request.params.id);
      const { at } = request.query;
      const call = ledgerCall(request, reply);
      if (at === undefined) {
        return present.presentBalance((await ledger.getBalance({ account: ref }, call)).balance);
      }
      const instant = requests.instantRequest(at);
      const point = { case: 'at' as const, value: instant };
      const answer = await ledger.getBalance({ account: ref, point }, call);
      return present.presentBalanceAt(answer.balance, isoInstant(instant));
    },
  );

  const entries = { 200: refer(schemas.EntryListSchema), ...errors };
  const page = schemas.PageQuery;
  app.get(
    '/accounts/:id/entries',
    { schema: { tags, summary: 'History', params, querystring: page, response: entries } },
    async (request, reply) => {
      const ref = requests.accountRef(request.params.id);
      const asked = { account: ref, ...requests.pageRequest(request.query) };
      const answer = await ledger.listEntries(asked, ledgerCall(request, reply));
      return present.presentList(answer.entries.map(present.presentEntry), answer.hasMore);
    },
  );
}

function addStatusRoutes(app: App, { ledger }: FacadeTools): void {
  const changes = {
    freeze: ledger.freezeAccount,
    unfreeze: ledger.unfreezeAccount,
    close: ledger.closeAccount,
  };
  for (const [verb, change] of Object.entries(changes)) {
    const summary = `${verb[0]?.toUpperCase()}${verb.slice(1)}`;
    app.post(
      `/accounts/:id/${verb}`,
      { schema: { tags, summary, params: schemas.IdParams, response: account } },
      async (request, reply) => {
        const asked = { account: requests.accountRef(request.params.id) };
        const answer = await change(asked, ledgerCall(request, reply));
        return present.presentAccount(answer.account, request.caller.storeId);
      },
    );
  }
}

function addPostingRoutes(app: App, { ledger }: FacadeTools): void {
  const params = schemas.IdParams;
  const body = schemas.PostingBody;
  for (const side of ['credit', 'debit'] as const) {
    const summary = side === 'credit' ? 'Credit' : 'Debit';
    app.post(
      `/accounts/:id/${side}`,
      { schema: { tags, summary, params, body, response: posted } },
      async (request, reply) => {
        const asked = requests.postingRequest(request.params.id, request.body);
        const { transaction } = await ledger[side](asked, ledgerCall(request, reply));
        void reply.code(201);
        return present.presentTransaction(transaction, request.caller.storeId);
      },
    );
  }

  app.post(
    '/accounts/:id/reverse',
    { schema: { tags, summary: 'Reverse', params, body: schemas.ReverseBody, response: posted } },
    async (request, reply) => {
      const ref = requests.accountRef(request.params.id);
      const asked = { transactionId: request.body.transaction_id, account: ref };
      const call = ledgerCall(request, reply);
      const { transaction } = await ledger
        .reverseTransaction(asked, call)
        .catch(async (refusal: unknown) => {
          await refuseUnknownAccount(ledger, { refusal, ref, call });
          throw refusal;
        });
      void reply.code(201);
      return present.presentTransaction(transaction, request.caller.storeId);
    },
  );
}

function addTransactionRoutes(app: App, { ledger }: FacadeTools): void {
  const body = schemas.PostTransactionBody;
  app.post(
    '/transactions',
    { schema: { tags, summary: 'Post several entries', body, response: posted } },
    async (request, reply) => {
      const asked = requests.postTransactionRequest(request.body);
      const { transaction } = await ledger.postTransaction(asked, ledgerCall(request, reply));
      void reply.code(201);
      return present.presentTransaction(transaction, request.caller.storeId);
    },
  );

  const listed = { 200: refer(schemas.TransactionListSchema), ...errors };
  const querystring = schemas.ReferenceQuery;
  app.get(
    '/transactions',
    { schema: { tags, summary: 'Find by reference', querystring, response: listed } },
    async (request, reply) => {
      const { reference } = request.query;
      const asked = { reference, ...requests.pageRequest(request.query) };
      const answer = await ledger.listTransactions(asked, ledgerCall(request, reply));
      const { storeId } = request.caller;
      return present.presentList(
        answer.transactions.map((each) => present.presentTransaction(each, storeId)),
        answer.hasMore,
      );
    },
  );

  const params = schemas.IdParams;
  const found = { 200: refer(schemas.TransactionSchema), ...errors };
  app.get(
    '/transactions/:id',
    { schema: { tags, summary: 'Get a transaction', params, response: found } },
    async (request, reply) => {
      const asked = { transactionId: request.params.id };
      const { transaction } = await ledger.getTransaction(asked, ledgerCall(request, reply));
      return present.presentTransaction(transaction, request.caller.storeId);
    },
  );

  app.post(
    '/transactions/:id/reverse',
    { schema: { tags, summary: 'Reverse a transaction', params, response: posted } },
    async (request, reply) => {
      const asked = { transactionId: request.params.id };
      const { transaction } = await ledger.reverseTransaction(asked, ledgerCall(request, reply));
      void reply.code(201);
      return present.presentTransaction(transaction, request.caller.storeId);
    },
  );
}
