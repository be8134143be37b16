// A book that is put back to an earlier state: nobody is told another history under old positions.
import { ConnectError } from '@connectrpc/connect';
import { ErrorDetailSchema, type FeedPosition, type WatchHistoryResponse } from '@scrip/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Watch } from './record/watch.ts';
import { takeBackup } from './restore.ts';
import { openStage, type Headers, type Stage } from './stage.ts';
import { follow } from './watchers/follow.ts';
import { toBalancesRequest, toHistoryRequest } from './watchers/requests.ts';
import { openWires, protocols, type Protocol, type Wires } from './wire/protocols.ts';
import { createWorld, fillWorld, type World } from './writers/world.ts';

const direct = protocols.filter((name) => name !== '@scrip/client');
const customer = { kind: 'customer', customerId: 'customer 0' } as const;
const beginning: Watch = {
  scope: { kind: 'book' },
  kinds: [],
  start: { kind: 'beginning' },
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

it('ends every stream with HISTORY_DIVERGED, and every resume behind what is gone', async () => {
  await credit(20, 'before');
  const headBefore = world.headSequence;
  // Before the backup, so that it has the key that signs.
  const token = await stage.mint(customer, 600);
  const backup = await takeBackup(stage.connection, 'first');
  const ofCustomer = { ...beginning, scope: customer };
  const watched = await Promise.all([
    ...direct.map((protocol) => open(protocol, beginning)),
    ...direct.map((protocol) => open(protocol, ofCustomer)),
    ...direct.map((protocol) => open(protocol, ofCustomer, { headers: token })),
  ]);
  const balances = openBalances();
  await balances.began;
  await credit(20, 'lost');
  const total = (): number => watched.filter(({ count }) => count() >= 40).length;
  await expect.poll(total).toBe(watched.length);
  await backup.restore();
  const restoredAt = performance.now();
  const ends = await Promise.all(
    [...watched, { stream: balances }].map((each) => each.stream.ended),
  );
  console.log(`all had ended ${Math.round(performance.now() - restoredAt)} ms after the restore`);
  expect(new Set(ends.map(({ end }) => (end.kind === 'failed' ? end.reason : 'left')))).toEqual(
    new Set(['HISTORY_DIVERGED']),
  );
  const resumes = async () => new Set(await Promise.all(watched.map((each) => resume(each))));
  expect(await resumes()).toEqual(new Set(['HISTORY_DIVERGED']));
  await credit(60, 'other');
  expect(await resumes()).toEqual(new Set(['HISTORY_DIVERGED']));
  const kept = watched[0]?.positionAt(headBefore);
  const again = await open('gRPC, connect-node', beginning, { after: kept });
  await expect.poll(again.count).toBe(60);
  again.stream.leave();
});

it('tells a token nothing of the book when it ends', async () => {
  const backup = await takeBackup(stage.connection, 'second');
  const token = await stage.mint(customer, 600);
  const watched = await open('Connect', { ...beginning, scope: customer }, { headers: token });
  const before = watched.count();
  await credit(1, 'lost again');
  await expect.poll(watched.count).toBeGreaterThan(before);
  await backup.restore();
  await watched.stream.ended;
  const request = toHistoryRequest(beginning, watched.last());
  const call = { ...callTo(0), headers: token, signal: AbortSignal.timeout(60_000) };
  const thrown = await drain(wires.history.Connect.watchHistory(request, call));
  const [detail] = ConnectError.from(thrown).findDetails(ErrorDetailSchema);
  expect(detail?.metadata).toEqual({});
});

/** Opens a stream and waits until it is live. */
async function open(
  protocol: Protocol,
  watch: Watch,
  options: { readonly headers?: Headers; readonly after?: FeedPosition | undefined } = {},
) {
  const { headers = stage.keyHeaders, after } = options;
  const request = toHistoryRequest(watch, after);
  const stream = follow((signal) =>
    wires.history[protocol].watchHistory(request, { ...callTo(1), headers, signal }),
  );
  const { messages } = stream;
  const isLive = (): boolean => messages.some(({ message }) => message.case === 'caughtUp');
  await expect.poll(isLive).toBe(true);
  return {
    protocol,
    watch,
    headers,
    stream,
    last: () => messages.at(-1)?.message.value?.position,
    count: () => messages.reduce((sum, message) => sum + eventCount(message), 0),
    /** The position of the message that told this sequence. */
    positionAt: (sequence: number) =>
      messages
        .map(({ message }) => message.value?.position)
        .find((position) => Number(position?.sequence) === sequence),
  };
}

type Watched = Awaited<ReturnType<typeof open>>;

/** The reason for which a resume behind the last position is refused. */
async function resume({ protocol, watch, headers, last }: Watched): Promise<string | undefined> {
  const request = toHistoryRequest(watch, last());
  const again = follow((signal) =>
    wires.history[protocol].watchHistory(request, { ...callTo(0), headers, signal }),
  );
  const { end } = await again.ended;
  return end.kind === 'failed' ? end.reason : 'left';
}

function openBalances() {
  const request = toBalancesRequest(customer);
  const headers = stage.keyHeaders;
  return follow((signal) =>
    wires.balances.Connect.watchBalances(request, { ...callTo(1), headers, signal }),
  );
}

function callTo(server: number) {
  return { url: stage.urls[server] ?? '', renew: () => Promise.resolve({}) };
}

function eventCount({ message }: WatchHistoryResponse): number {
  return message.case === 'events' ? message.value.events.length : 0;
}

async function drain(messages: AsyncIterable<unknown>): Promise<unknown> {
  try {
    for await (const _ of messages) continue;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Credits an account of customer 0, over an outage too. */
async function credit(count: number, name: string): Promise<void> {
  const account = { ref: { case: 'id' as const, value: world.accountIds[0] ?? '' } };
  for (let i = 0; i < count; i++) {
    const request = { account, amount: '1', reference: name, idempotencyKey: `${name} ${i}` };
    await expect.poll(() => stage.ledgers[0]?.credit(request).then(note, () => false)).toBe(true);
  }
}

function note({ sequence }: { readonly sequence: bigint }): boolean {
  world.headSequence = Number(sequence);
  return true;
}
