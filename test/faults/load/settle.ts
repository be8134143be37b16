// The end of a run: what is still open is settled, then the whole history is read over the API.
import { setTimeout as delay } from 'node:timers/promises';
import type { EntryAnswer, TransactionAnswer } from '../history/answer.ts';
import type { Read, Write } from '../history/call.ts';
import { auditor } from '../history/operation.ts';
import type { Attempt } from './attempt.ts';
import { note, type ClientParts } from './client.ts';

const pageSize = 1_000;
const attemptCountMax = 120;
const pauseMs = 500;

/**
 * Sends every call about an account whose outcome is unknown once more, with its key: a replay
 * shows that it had happened, a refusal that it had not and never will.
 */
export async function settle(parts: ClientParts): Promise<void> {
  const open = parts.world.open.values().toArray();
  for (const write of open) {
    note(parts.world, write, await insist(parts, write));
  }
}

/** Reads the list of all transactions of the run, every account, and each account's entries. */
export async function readBack(parts: ClientParts, baseSequence: number): Promise<void> {
  await readTransactions(parts, baseSequence);
  for (const { id } of parts.world.accounts) {
    await insist(parts, { method: 'GetAccount', request: { account: { id } } });
    await readEntries(parts, id);
  }
  await insist(parts, { method: 'GetHead', request: {} });
}

async function readTransactions(parts: ClientParts, baseSequence: number): Promise<void> {
  let cursor: { readonly startingAfter?: string } = {};
  for (;;) {
    const request = { pageSize, ...cursor };
    const { answer } = await insist(parts, { method: 'ListTransactions', request });
    const { transactions = [], hasMore } = answer as TransactionsPage;
    const last = transactions.at(-1);
    if (last === undefined || hasMore !== true || Number(last.sequence) <= baseSequence) return;
    cursor = { startingAfter: last.id };
  }
}

type TransactionsPage = {
  readonly transactions?: readonly TransactionAnswer[];
  readonly hasMore?: boolean;
};

async function readEntries(parts: ClientParts, id: string): Promise<void> {
  let cursor: { readonly startingAfter?: string } = {};
  for (;;) {
    const request = { account: { id }, pageSize, ...cursor };
    const { answer } = await insist(parts, { method: 'ListEntries', request });
    const { entries = [], hasMore } = answer as EntriesPage;
    const last = entries.at(-1);
    if (last === undefined || hasMore !== true) return;
    cursor = { startingAfter: last.id };
  }
}

type EntriesPage = { readonly entries?: readonly EntryAnswer[]; readonly hasMore?: boolean };

/** Tries until there is an answer or a refusal. */
export async function insist(parts: ClientParts, call: Read | Write): Promise<Attempt> {
  const { attempts, apis } = parts;
  let reason = '';
  for (let count = 0; count < attemptCountMax; count += 1) {
    const api = apis[count % apis.length];
    if (api === undefined) break;
    const attempt = await attempts.make(auditor, api, call);
    if (attempt.outcome === 'ok' || attempt.outcome === 'refused') return attempt;
    reason = attempt.reason;
    await delay(pauseMs);
  }
  throw new Error(`${call.method} was not answered after the run: ${reason}`);
}
