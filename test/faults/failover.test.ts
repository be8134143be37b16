// A book that loses its last events while servers live on: to a standby that lacks them, and to an
// older backup. What is left stays consistent, and whoever comes from the lost history is told so.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createScripClient } from '@scrip/client/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkHistory } from './checker/check.ts';
import { countLost, forgetLost } from './checker/forget-lost.ts';
import type { TransactionAnswer, WriteAnswer } from './history/answer.ts';
import type { AccountRef, Call } from './history/call.ts';
import { openHistory } from './history/recorder.ts';
import { prepareBackup, prepareStandby, type WayToLose } from './injection/lose-history.ts';
import { openStepStage, type StepStage } from './injection/step-stage.ts';
import { verifyBooks } from './injection/verify.ts';
import { createApi, type Api, type Reply } from './load/api.ts';
import { startLoad, type Load } from './load/run-load.ts';

const seed = Number(process.env['SCRIP_FAULTS_SEED'] ?? Math.floor(performance.timeOrigin / 1_000));
const clientCount = 24;
/** Writes before the loss, those that are lost, and those after it. */
const writeCount = 500;
const shortMs = 400;

const ways: readonly (readonly [string, (stage: StepStage) => Promise<WayToLose>])[] = [
  ['a standby that lacks the last commits takes over', prepareStandby],
  ['an older backup is restored under it', (stage) => prepareBackup(stage)],
];

describe.runIf(process.platform === 'linux')('a book', () => {
  it.each(ways)('stays consistent and tells of its loss when %s', async (_, prepare) => {
    const stage = await openStepStage({ serverCount: 2 });
    onTestFinished(stage.close);
    const way = await prepare(stage);
    const folder = mkdtempSync(join(tmpdir(), 'scrip-histories-'));
    const historyPath = join(folder, 'history');
    const urls = stage.actors.map(({ server }) => server.ledgerUrl);
    const { apiKey } = stage;
    const load = await startLoad({ urls, apiKey, seed, clientCount, historyPath });
    const apis = urls.map((url) => createApi({ url, apiKey, timeoutMs: shortMs }));
    await progress(load);
    const account = { id: await anyAccount(apis) };
    await way.part();
    await progress(load);
    const lostHead = await headOf(apis);
    const second = await loseFirst(stage, way);
    const sequence = Number((await second.ask(headStatement))['head']);
    expect(sequence).toBeLessThan(lostHead);

    stage.leadTo(second.socketPath);
    const fork = { sequence, endedUs: Math.round(performance.now() * 1_000) };
    await Promise.all(apis.map((api) => expectToldOfLoss(api, account, lostHead)));
    await progress(load);
    await load.finish();
    for (const api of apis) api.close();

    const lostCount = await countLost(await openHistory(historyPath), fork);
    const report = await checkHistory(forgetLost(await openHistory(historyPath), fork));
    const lost = `${lostCount} acknowledged writes lost behind sequence ${sequence}`;
    const { operations, unknown, violationCount } = report;
    console.log(
      `${operations} operations, ${unknown} unknown, ${lost}, ${violationCount} violations`,
    );
    expect(lostCount).toBeGreaterThan(0);
    expect(report.violations).toEqual([]);
    expect(report.isReadBack).toBe(true);
    expect(await verifyBooks(stage.env)).toEqual({ kind: 'passed' });
    rmSync(folder, { recursive: true });
  });
});

describe.runIf(process.platform === 'linux')('a server', () => {
  it('drops what it remembers of a lost history, though the new one is as long', async () => {
    const stage = await openStepStage({ serverCount: 2 });
    onTestFinished(stage.close);
    const { apiKey } = stage;
    const [one, other] = stage.actors.map(({ server }) =>
      createApi({ url: server.ledgerUrl, apiKey, timeoutMs: shortMs }),
    );
    const way = await prepareBackup(stage);
    const account = { externalId: 'wallet' };
    const post = async (api: Api | undefined, method: 'Credit' | 'Debit', amount: string) => {
      const request = { account, amount, reference: 'r', idempotencyKey: `${method} ${amount}` };
      const { text } = await insist(api, { method, request });
      return (JSON.parse(text) as WriteAnswer).transaction;
    };
    const request = { customerId: 'c', unitLabel: 'credits', ...account, idempotencyKey: 'create' };
    await insist(one, { method: 'CreateAccount', request });
    await post(one, 'Credit', '100');
    const { seen, watching } = watch(stage);
    await way.part();
    const lost = await post(one, 'Debit', '60');
    expect(lost).toMatchObject({ sequence: '3', entries: [{ balanceAfter: '40' }] });
    await expect.poll(() => seen.includes(3n)).toBe(true);
    stage.leadTo((await loseFirst(stage, way)).socketPath);

    const instead = await post(other, 'Credit', '11');
    expect(instead).toMatchObject({ sequence: '3', entries: [{ balanceAfter: '111' }] });
    const next = await post(one, 'Debit', '105');
    expect(next).toMatchObject({ sequence: '4', entries: [{ balanceAfter: '6' }] });
    expect(await watching).toMatchObject({ reason: 'HISTORY_DIVERGED' });
    expect(seen).toEqual([1n, 2n, 3n]);
    expect(await verifyBooks(stage.env)).toEqual({ kind: 'passed' });
    one?.close();
    other?.close();
  });
});

/** A live watcher of the first server: what it has seen, and what ends it. */
function watch({ actors, apiKey }: StepStage) {
  const seen: bigint[] = [];
  const client = createScripClient({ baseUrl: actors[0]?.server.ledgerUrl ?? '', apiKey });
  const read = async (): Promise<void> => {
    const start = { case: 'beginning', value: {} } as const;
    for await (const { event } of client.watchHistory({ start })) seen.push(event.sequence);
  };
  return { seen, watching: read().catch((error: unknown) => error) };
}

const headStatement = 'select max(head_sequence) as head from book';

/** Waits for so many writes. */
async function progress(load: Load): Promise<void> {
  const goal = load.acceptedCount() + writeCount;
  for (const from = performance.now(); load.acceptedCount() < goal;) {
    if (performance.now() - from > 60_000) throw new Error('the load makes no progress');
    await delay(20);
  }
}

/** Ends the first PostgreSQL for good, and gives the second one when nothing is left of it. */
async function loseFirst(stage: StepStage, way: WayToLose) {
  await stage.cluster.destroy();
  stage.leadTo(undefined);
  const second = await way.takeOver();
  // What the first one had answered is on its way to the clients for a moment.
  await delay(500);
  return second;
}

async function headOf([api]: readonly Api[]): Promise<number> {
  const { text } = await insist(api, { method: 'GetHead', request: {} });
  return Number((JSON.parse(text) as { readonly sequence: string }).sequence);
}

/** An account that has been posted to by now. */
async function anyAccount([api]: readonly Api[]): Promise<string> {
  const { text } = await insist(api, { method: 'ListTransactions', request: { pageSize: 1 } });
  const { transactions } = JSON.parse(text) as {
    readonly transactions: readonly TransactionAnswer[];
  };
  return transactions[0]?.entries[0]?.accountId ?? '';
}

/** Reads that come from the lost history hear that the book is not there, or not yet. */
async function expectToldOfLoss(api: Api, account: AccountRef, lostHead: number): Promise<void> {
  const lost = String(lostHead);
  const past = { method: 'GetBalance', request: { account, atSequence: lost } } as const;
  const late = { method: 'GetHead', request: { minSequence: lost } } as const;
  const [beyond, unreached] = await Promise.all([insist(api, past), insist(api, late)]);
  expect(beyond.text).toContain('SEQUENCE_BEYOND_HEAD');
  expect(unreached.text).toContain('SEQUENCE_NOT_REACHED');
}

async function insist(
  api: Api | undefined,
  call: Call,
): Promise<Extract<Reply, { readonly kind: 'answered' }>> {
  if (api === undefined) throw new Error('a stage has servers');
  for (;;) {
    const reply = await api.call(call);
    if (reply.kind === 'answered' && !/UNAVAILABLE|DEADLINE/.test(reply.text)) return reply;
    await delay(20);
  }
}
