// The figures move with what happens: calls, commands, flushes, retries.
import { readFileSync } from 'node:fs';
import { createClient, type ConnectError } from '@connectrpc/connect';
import { LedgerService } from '@scrip/contract';
import type { DueSource } from '@scrip/engine';
import { instantFromMs } from '@scrip/kernel';
import { createLog, createMetrics } from '@scrip/runtime';
import {
  createMemoryBook,
  createMemoryFeedSource,
  createMemoryJournal,
  type JournalFault,
} from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { createApiKey, scopes } from '../auth/api-key.ts';
import { createLedger, type LedgerOptions } from '../compose.ts';

describe('figures', () => {
  it('are those that docs/operating.md names', async () => {
    const guide = readFileSync(new URL('../../../../docs/operating.md', import.meta.url), 'utf8');
    const rows = guide.matchAll(/^\| `(scrip_\w+)` \|/gm);
    const documented = new Set([...rows].map(([, name]) => name));
    const { text } = open();
    const lines = (await text()).matchAll(/^# TYPE (scrip_\w+) /gm);
    const served = new Set([...lines].map(([, name]) => name));
    expect(served).toEqual(documented);
    expect(served.size).toBeGreaterThan(10);
  });

  it('of calls are counted by method and code', async () => {
    const { credit, makeAccount, figure } = open();
    const id = await makeAccount();
    await credit(id, '5');
    await credit('cca_00000000000', '5', 'k2').catch(ignore);
    const method = 'scrip.ledger.v1.LedgerService/Credit';
    expect(await figure('scrip_rpc_duration_seconds_count', { method, code: 'ok' })).toBe(1);
    expect(await figure('scrip_rpc_duration_seconds_count', { method, code: 'not_found' })).toBe(1);
    const reason = 'ACCOUNT_NOT_FOUND';
    expect(await figure('scrip_rpc_errors_total', { method, reason })).toBe(1);
    expect(await figure('scrip_refusals_total', { reason })).toBe(1);
  });

  it('of calls include those that never reach the ledger', async () => {
    const { client, figure } = open();
    await client.getHead({}).catch(ignore);
    const method = 'scrip.ledger.v1.LedgerService/GetHead';
    const code = 'unauthenticated';
    expect(await figure('scrip_rpc_duration_seconds_count', { method, code })).toBe(1);
    expect(await figure('scrip_rpc_errors_total', { method, reason: 'KEY_MISSING' })).toBe(1);
  });

  it('of streams are not among those of calls', async () => {
    const { watch, makeAccount, figure } = open();
    await makeAccount();
    const { next, leave } = watch();
    await next('events');
    const method = 'scrip.ledger.v1.LedgerService/WatchHistory';
    expect(await figure('scrip_streams_open', { method })).toBe(1);
    expect(await figure('scrip_feed_events_total')).toBe(1);
    leave();
    const ended = () => figure('scrip_streams_ended_total', { method, code: 'canceled' });
    await expect.poll(ended).toBe(1);
    expect(await figure('scrip_streams_open', { method })).toBe(0);
    const ofCanceled = { method, code: 'canceled' };
    expect(await figure('scrip_rpc_duration_seconds_count', ofCanceled)).toBeUndefined();
  });

  it('of commands are added up once a flush', async () => {
    const { credit, makeAccount, figure } = open();
    const id = await makeAccount();
    const answers = Array.from({ length: 20 }, (_, index) => credit(id, '1', `k${index}`));
    await Promise.all([...answers, credit(id, '1', 'k0')]);
    expect(await figure('scrip_commands_total', { outcome: 'accepted' })).toBe(21);
    expect(await figure('scrip_commands_total', { outcome: 'replayed' })).toBe(1);
    expect(await figure('scrip_entries_total')).toBe(20);
    const flushes = await figure('scrip_flush_commands_count');
    expect(flushes).toBe(await figure('scrip_flush_duration_seconds_count', ofCommitted));
    expect(flushes).toBeLessThan(22);
    expect(await figure('scrip_flush_commands_sum')).toBe(22);
    expect(await figure('scrip_flush_retries_total')).toBe(0);
  });

  it('of doubt and of retries are those of the flushes', async () => {
    const { makeAccount, figure } = open(['commit_done_answer_lost', 'before_lock']);
    await makeAccount();
    const ofDoubt = { outcome: 'in_doubt' };
    expect(await figure('scrip_flush_duration_seconds_count', ofDoubt)).toBe(2);
    expect(await figure('scrip_flush_duration_seconds_count', ofCommitted)).toBe(1);
    expect(await figure('scrip_flush_retries_total')).toBe(2);
  });

  it('of flushes that failed have the fault', async () => {
    const { makeAccount, figure } = open(['content']);
    await makeAccount().catch(ignore);
    const ofContent = { outcome: 'content' };
    expect(await figure('scrip_flush_duration_seconds_count', ofContent)).toBe(1);
    expect(await figure('scrip_flush_commands_count')).toBe(0);
  });

  it('of what time did are counted by kind, with what it moved', async () => {
    const { client, options, journal, makeAccount, credit, figure } = open();
    const id = await makeAccount();
    const account = { ref: { case: 'id', value: id } } as const;
    const named = { reference: 'r', idempotencyKey: 'grant' };
    const at = BigInt(Math.floor(journal.now / 1000));
    const grant = { expiresAt: { seconds: at + 10n } };
    await client.credit({ account, amount: '5', grant, ...named }, options);
    await client.createHold({ account, amount: '2', ...named, idempotencyKey: 'hold' }, options);
    expect(await figure('scrip_due_moves_total', { kind: 'grant_expired' })).toBeUndefined();
    journal.now = instantFromMs(journal.now + 3_600_000);
    await credit(id, '1');
    // The grant expires twice: at its end, and with what the hold gives back after it.
    expect(await figure('scrip_due_moves_total', { kind: 'grant_expired' })).toBe(2);
    expect(await figure('scrip_due_moves_total', { kind: 'hold_expired' })).toBe(1);
    expect(await figure('scrip_entries_total')).toBe(4);
  });

  it('of what could not be swept are counted', async () => {
    const { figure } = open([], async () => {
      throw new Error('The database is away.');
    });
    await expect.poll(() => figure('scrip_sweep_failures_total')).toBe(1);
  });

  it('of the moment are read when they are asked for', async () => {
    const { figure } = open();
    expect(await figure('scrip_ready')).toBe(1);
    expect(await figure('scrip_commands_waiting')).toBe(0);
    const role = 'writer';
    expect(await figure('scrip_database_connections', { role, state: 'busy' })).toBe(3);
    expect(await figure('scrip_database_connections', { role, state: 'idle' })).toBe(1);
    expect(await figure('scrip_database_connections', { role, state: 'max' })).toBe(10);
    expect(await figure('scrip_database_waits', { role })).toBe(2);
  });
});

const ofCommitted = { outcome: 'committed' };

function ignore(_error: ConnectError): void {
  // The figures tell.
}

function open(
  faults: readonly JournalFault[] = [],
  findDue: DueSource['findDue'] = async () => [],
) {
  const journal = createMemoryJournal();
  journal.faults.push(...faults);
  const { apiKey } = createApiKey({ mode: 'test', secret: new Uint8Array(32).fill(1) });
  const book = createMemoryBook();
  const { storeId, mode } = book;
  const known = { id: 'key_1', storeId, mode, scopes, name: '', prefix: '', createdAt: 0 };
  const database = {
    journal,
    feedSource: createMemoryFeedSource(journal),
    dueSource: { findDue },
    apiKeys: {
      findByDigest: async () => known,
      findById: async () => known,
    },
    stores: { findBook: async () => book },
    ping: async () => undefined,
    connectionUse: () => [
      { role: 'writer', busyCount: 3, idleCount: 1, waitingCount: 2, countMax: 10 },
    ],
  } as unknown as LedgerOptions['database'];
  const metrics = createMetrics();
  const ledger = createLedger({ database, metrics, log: createLog({ level: 'silent' }) });
  const client = createClient(LedgerService, ledger.createTransport());
  const options = { headers: { 'x-api-key': apiKey } };
  return {
    client,
    options,
    journal,
    text: () => metrics.text(),
    makeAccount: async () => {
      const { account } = await client.createAccount({ customerId: 'c' }, options);
      return account?.id ?? '';
    },
    credit: (value: string, amount: string, idempotencyKey = 'k') => {
      const account = { ref: { case: 'id', value } } as const;
      return client.credit({ account, amount, reference: 'r', idempotencyKey }, options);
    },
    watch: () => {
      const left = new AbortController();
      const request = { start: { case: 'beginning', value: {} } } as const;
      const messages = client.watchHistory(request, { ...options, signal: left.signal });
      const reading = messages[Symbol.asyncIterator]();
      return {
        next: async (kind: string) => {
          for (;;) {
            const read = await reading.next();
            if (read.done === true || read.value.message.case === kind) return;
          }
        },
        leave: () => left.abort(),
      };
    },
    figure: async (name: string, labels: Readonly<Record<string, string>> = {}) =>
      figureOf(await metrics.text(), name, labels),
  };
}

/** One figure; `undefined` when it is not there. */
function figureOf(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>>,
): number | undefined {
  const list = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const start = list.length === 0 ? `${name} ` : `${name}{${list.join(',')}} `;
  const line = text.split('\n').find((each) => each.startsWith(start));
  return line === undefined ? undefined : Number(line.slice(start.length));
}
