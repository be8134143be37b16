// Faults at every single step of a flush, with three servers on one book and a clock that jumps.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WriteAnswer } from './history/answer.ts';
import { recover, finishRound } from './injection/round.ts';
import * as stepFaults from './injection/step-faults.ts';
import type { Afterwards } from './injection/step-proxy.ts';
import { openStepStage, type Actor, type StepStage } from './injection/step-stage.ts';
import { createTally, tallyLines } from './injection/tally.ts';
import { createApi, type Api, type Reply } from './load/api.ts';
import { createRandom } from './load/random.ts';
import { startLoad } from './load/run-load.ts';

/** How often each fault is done at each step. */
const times = Number(process.env['SCRIP_FAULTS_TIMES'] ?? '1');
const seed = Number(process.env['SCRIP_FAULTS_SEED'] ?? Math.floor(performance.timeOrigin / 1_000));
/** Servers start in a moment on a machine of their own, and slowly on a shared one. */
const hookMsMax = 120_000;
const clientCount = 32;

const { moments, serverKilled, serverKilledAfterAnswer } = stepFaults;
const { backendKilled, backendEnded, connectionCut, serverPaused } = stepFaults;

let stage: StepStage;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scrip-histories-'));
  stage = await openStepStage({ serverCount: 3 });
}, hookMsMax);

afterAll(async () => {
  await stage?.close();
}, hookMsMax);

/** What is done at a moment: everything, and a pause where the lock is held and not yet let go. */
function faultsAt(name: string): readonly stepFaults.StepFault[] {
  const isLast = name === 'COMMIT answered, not published';
  const isHeld = ['after the lock', 'before the COMMIT'].includes(name);
  return [
    serverKilled,
    ...(isLast ? [serverKilledAfterAnswer] : []),
    backendKilled,
    backendEnded,
    connectionCut,
    ...(isHeld ? [serverPaused] : []),
  ];
}

/** How the first try of a key is in doubt while the other server gets the second one. */
const doubts: readonly (readonly [
  string,
  { when: 'asked' | 'sent'; after: Afterwards; isRetryAnswered: boolean },
])[] = [
  ['its COMMIT is late', { when: 'asked', after: 'go on', isRetryAnswered: false }],
  ['its COMMIT is never sent', { when: 'asked', after: 'cut', isRetryAnswered: false }],
  ['the answer to its COMMIT is late', { when: 'sent', after: 'go on', isRetryAnswered: true }],
  ['the answer to its COMMIT is lost', { when: 'sent', after: 'cut', isRetryAnswered: true }],
];

describe.runIf(process.platform === 'linux')('a flush', () => {
  it('keeps every promise when it is ended at any of its steps', async () => {
    const historyPath = join(folder, 'history-steps');
    const urls = stage.actors.map(({ server }) => server.ledgerUrl);
    const { apiKey } = stage;
    const random = createRandom(seed);
    const tally = createTally();
    console.log(`seed ${seed}`);
    const load = await startLoad({ urls, apiKey, seed, clientCount, historyPath });
    const plan = Object.entries(moments).flatMap(([name, moment]) =>
      faultsAt(name).flatMap((fault) =>
        Array.from({ length: times }, () => ({ name, moment, fault })),
      ),
    );
    for (const { name, moment, fault } of plan) {
      const actor = random.pick(stage.actors);
      if (actor === undefined) break;
      const [inFlight, unknownBefore] = [load.inFlightCount(), load.unknownCount()];
      await stepFaults.injectAt(actor, moment, fault);
      const recoveryMsMax = await recover(load, `${fault.kind} ${name}`);
      const unknown = load.unknownCount() - unknownBefore;
      tally.note({ fault: `${fault.kind} ${name}`, inFlight, unknown, recoveryMsMax });
    }
    await load.finish();
    const report = await finishRound(stage, { seed, historyPath });
    const { operations, unknown, violationCount } = report;
    const sum = `${operations} operations, ${unknown} of unknown outcome`;
    console.log([...tallyLines(tally), sum, `${violationCount} violations`].join('\n'));
    expect(report.violations).toEqual([]);
    expect(report.isReadBack).toBe(true);
    expect(report.verification).toEqual({ kind: 'passed' });
    rmSync(folder, { recursive: true });
  });

  const cases = doubts.flatMap(([what, doubt]) =>
    [false, true].map(
      (isAlone) => [isAlone ? `alone, ${what}` : what, { ...doubt, isAlone }] as const,
    ),
  );
  it.each(cases)('is done once though its key is retried elsewhere: %s', async (_, doubt) => {
    const [{ server, proxy }, other] = stage.actors as readonly [Actor, Actor];
    const { apiKey } = stage;
    const apis = [server, other.server].map(({ ledgerUrl: url }) =>
      createApi({ url, apiKey, timeoutMs: 10_000 }),
    ) as [Api, Api];
    const name = `${doubt.when} ${doubt.after} ${doubt.isAlone}`;
    const account = { externalId: name };
    const key = { idempotencyKey: `create ${name}` };
    const made = { customerId: name, unitLabel: 'doubts', ...account, ...key };
    await apis[0].call({ method: 'CreateAccount', request: made });
    // By now the other servers' posts are forgotten: the book is expected to be as it was left.
    if (doubt.isAlone) await delay(1_100);
    const before = { account, amount: '1', reference: 'r', idempotencyKey: `other ${name}` };
    await apis[0].call({ method: 'Credit', request: before });
    const request = { account, amount: '7', reference: 'r', idempotencyKey: name };
    const credit = { method: 'Credit', request } as const;
    const retries: Promise<Reply>[] = [];
    const act = async () => {
      const retry = apis[1].call(credit);
      retries.push(retry);
      await (doubt.isRetryAnswered ? retry : delay(300));
      return doubt.after;
    };
    const held = proxy.breakNext({ step: 'commit', when: doubt.when, act });
    const replies = [apis[0].call(credit)];
    await held;
    const told = (await Promise.all([...replies, ...retries])).map((reply) => {
      if (reply.kind !== 'answered') throw new Error(reply.reason);
      return { isReplay: reply.isReplay, ...(JSON.parse(reply.text) as WriteAnswer) };
    });
    expect(told.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    expect(told[0]?.transaction).toEqual(told[1]?.transaction);
    expect(told[0]?.transaction?.entries[0]?.balanceAfter).toBe('8');
    for (const api of apis) api.close();
  });
});
