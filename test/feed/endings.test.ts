// How streams end, over every protocol: with what reason, and how soon.
import { createClient } from '@connectrpc/connect';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { AdminService, type WatchHistoryResponse } from '@scrip/contract';
import { runScrip } from '@scrip/testkit';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Watch } from './record/watch.ts';
import { openStage, type Headers, type Stage } from './stage.ts';
import { follow } from './watchers/follow.ts';
import { toBalancesRequest, toHistoryRequest } from './watchers/requests.ts';
import { balanceProtocols, openWires, protocols, type Wires } from './wire/protocols.ts';
import { createWorld, fillWorld, type World } from './writers/world.ts';

// The client goes on by itself; that it does is shown by the run of all watchers.
const direct = protocols.filter((name) => name !== '@scrip/client');
const directBalances = balanceProtocols.filter((name) => name !== '@scrip/client');
/** What a loaded machine may take for delivery, beside what is promised. */
const slackMs = 2_000;

const now: Watch = {
  scope: { kind: 'book' },
  kinds: [],
  start: { kind: 'now' },
  caller: { kind: 'key' },
};

let stage: Stage;
let wires: Wires;
let world: World;

beforeAll(async () => {
  stage = await openStage({ serverCount: 2 });
  wires = openWires(stage.gatewayOf);
  world = createWorld();
  const [ledger] = stage.ledgers;
  if (ledger !== undefined) await fillWorld(world, ledger);
});

afterAll(async () => {
  wires?.close();
  await stage?.close();
});

it('end with KEY_UNKNOWN within a second after a revocation, those of tokens as well', async () => {
  const made = await stage.admin?.createApiKey({ name: 'to revoke', scopes: ['ledger:read'] });
  const key = { 'x-api-key': made?.apiKey ?? '' };
  const admin = createClient(AdminService, createGrpcTransport({ baseUrl: stage.urls[0] ?? '' }));
  const minted = await admin.mintAccessToken({ customerId: 'customer 0' }, { headers: key });
  const token = { authorization: `Bearer ${minted.accessToken}` };
  const streams = [...openAll(key), ...openAll(token)];
  await Promise.all(streams.map(({ began }) => began));
  const revokedAtMs = Date.now();
  await stage.admin?.revokeApiKey({ apiKeyId: made?.key?.id ?? '' });
  const ends = await Promise.all(streams.map(({ ended }) => ended));
  expect(new Set(ends.map(({ end }) => (end.kind === 'failed' ? end.reason : 'left')))).toEqual(
    new Set(['KEY_UNKNOWN']),
  );
  const latestMs = Math.max(...ends.map(({ atMs }) => atMs)) - revokedAtMs;
  console.log(`${ends.length} streams had ended ${latestMs} ms after the revocation`);
  expect(latestMs).toBeLessThan(1_000 + slackMs);
});

it('end with TOKEN_EXPIRED at the instant of expiry, and go on without loss', async () => {
  const scope = { kind: 'customer', customerId: 'customer 0' } as const;
  const answer = await stage.admin?.mintAccessToken({ customerId: 'customer 0', ttlSeconds: 8 });
  const token = { authorization: `Bearer ${answer?.accessToken}` };
  const expiresAtMs = answer?.expiresAt === undefined ? 0 : timestampMs(answer.expiresAt);
  const streams = openAll(token);
  await Promise.all(streams.map(({ began }) => began));
  const credited = creditUntil(expiresAtMs + 500);
  const ends = await Promise.all(streams.map(({ ended }) => ended));
  expect(new Set(ends.map(({ end }) => (end.kind === 'failed' ? end.reason : 'left')))).toEqual(
    new Set(['TOKEN_EXPIRED']),
  );
  const deviationsMs = ends.map(({ atMs }) => atMs - expiresAtMs);
  console.log(`streams ended ${Math.min(...deviationsMs)} to ${Math.max(...deviationsMs)} ms late`);
  expect(Math.max(...deviationsMs)).toBeLessThan(slackMs);
  expect(Math.min(...deviationsMs)).toBeGreaterThan(-1_100);
  const credits = await credited;
  const fresh = await stage.mint(scope, 60);
  const counts = await Promise.all(
    direct.map(async (protocol, i) => {
      const before = historyMessages(streams[i]?.messages ?? []);
      const position = before.at(-1)?.position;
      const rest = follow((signal) =>
        wires.history[protocol].watchHistory(toHistoryRequest(now, position), {
          ...callTo(1),
          headers: fresh,
          signal,
        }),
      );
      await rest.began;
      const count = (): number =>
        [...before, ...historyMessages(rest.messages)].reduce((sum, each) => sum + each.count, 0);
      await expect.poll(count).toBe(credits);
      rest.leave();
      return count();
    }),
  );
  expect(new Set(counts)).toEqual(new Set([credits]));
});

it('go on while signing keys rotate, and tokens of both keys are good', async () => {
  // A token of each kind and list: those for the same accounts have room for 20 streams.
  const [first = '', second = ''] = world.accountIds;
  const before = await stage.mint({ kind: 'customer', customerId: 'customer 0' }, 60);
  const another = await stage.mint({ kind: 'accounts', accountIds: [first] }, 60);
  const streams = openAll(before);
  await Promise.all(streams.map(({ began }) => began));
  const flags = ['keys', 'rotate-signing', '--database-url', stage.databaseUrl];
  const rotated = await runScrip(flags, { SCRIP_ALLOW_UNSAFE_DATABASE: 'true' });
  expect(rotated).toMatchObject({ exitCode: 0 });
  const after = await stage.mint({ kind: 'accounts', accountIds: [first, second] }, 60);
  const later = [...openAll(another), ...openAll(after)];
  await Promise.all(later.map(({ began }) => began));
  await creditUntil(0);
  const histories = [...streams.slice(0, direct.length), ...later.slice(0, direct.length)];
  const toldCount = (): number =>
    histories.filter(({ messages }) => historyMessages(messages).some(({ count }) => count > 0))
      .length;
  await expect.poll(toldCount).toBe(histories.length);
  for (const stream of [...streams, ...later]) stream.leave();
});

it('end with UNAVAILABLE at once when the server stops, 50 of them within a second', async () => {
  const [first] = stage.servers;
  const streams = Array.from({ length: 4 }, () => openAll(stage.keyHeaders, 0)).flat();
  expect(streams.length).toBeGreaterThanOrEqual(50);
  await Promise.all(streams.map(({ began }) => began));
  const stoppedAtMs = Date.now();
  await first?.kill('SIGTERM');
  const tookMs = Date.now() - stoppedAtMs;
  const ends = await Promise.all(streams.map(({ ended }) => ended));
  await first?.restart();
  console.log(`the server stopped within ${tookMs} ms with ${streams.length} streams`);
  const reasons = ends.map(({ end }) =>
    end.kind === 'failed' ? (end.reason ?? end.code) : 'left',
  );
  expect(new Set(reasons)).toEqual(new Set(['UNAVAILABLE']));
  expect(tookMs).toBeLessThan(1_000 + slackMs);
});

/** A stream of events over each protocol, and one of balances over each that has them. */
function openAll(headers: Headers, server = 1) {
  return [...openHistories(headers, server), ...openBalances(headers, server)];
}

function openHistories(headers: Headers, server: number) {
  const request = toHistoryRequest(now, undefined);
  return direct.map((protocol) =>
    follow<unknown>((signal) =>
      wires.history[protocol].watchHistory(request, { ...callTo(server), headers, signal }),
    ),
  );
}

function openBalances(headers: Headers, server: number) {
  const request = toBalancesRequest({ kind: 'customer', customerId: 'customer 0' });
  return directBalances.map((protocol) =>
    follow<unknown>((signal) =>
      wires.balances[protocol].watchBalances(request, { ...callTo(server), headers, signal }),
    ),
  );
}

function callTo(server: number) {
  return { url: stage.urls[server] ?? '', renew: () => Promise.resolve({}) };
}

/** Of each message its position, and how many events it brought. */
function historyMessages(messages: readonly unknown[]) {
  return (messages as readonly WatchHistoryResponse[]).map(({ message }) => ({
    position: message.value?.position,
    count: message.case === 'events' ? message.value.events.length : 0,
  }));
}

/** Credits an account of customer 0 again and again, once at least; tells how often. */
async function creditUntil(untilMs: number): Promise<number> {
  const [ledger] = stage.ledgers;
  const account = { ref: { case: 'id' as const, value: world.accountIds[0] ?? '' } };
  for (let count = 1; ; count++) {
    const idempotencyKey = `${untilMs} ${count} ${performance.now()}`;
    await ledger?.credit({ account, amount: '1', reference: 'one more', idempotencyKey });
    if (Date.now() >= untilMs) return count;
    await delay(40);
  }
}
