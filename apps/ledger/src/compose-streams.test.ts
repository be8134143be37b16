// Streams of a whole ledger over feeds that never end: how many there may be, what they are asked
// with, and a stop that begins with them.
import type { CallOptions } from '@connectrpc/connect';
import { ErrorReason } from '@scrip/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { refusalOf } from './compose-for-tests.ts';
import type { LedgerLimits } from './compose.ts';
import { createScriptedFeed, positionAt } from './rpc/feed/scripted-feed.ts';
import { createStubLedger, creditRequest, type StubLedger } from './stub-ledger.ts';

const running: StubLedger[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((stub) => stub.ledger.close()));
});

function start(limits: Partial<LedgerLimits> = {}) {
  const script = createScriptedFeed();
  script.tell({ kind: 'started', position: positionAt(1) });
  const stub = createStubLedger({ feed: script.feed, limits });
  running.push(stub);
  const headers = { 'x-api-key': stub.addKey() };
  /** Opens a stream and reads its first message. */
  const watch = async (options: CallOptions = { headers }) => {
    const reading = stub.client.watchHistory({}, options)[Symbol.asyncIterator]();
    await reading.next();
    return reading;
  };
  return { stub, headers, watch };
}

describe('the streams of a ledger', () => {
  it('are as many as its limits say, for all and for a key', async () => {
    const { stub, headers, watch } = start({ streamCountMax: 3, keyStreamCountMax: 2 });
    const leave = new AbortController();
    await watch({ headers, signal: leave.signal });
    await watch();
    const ofKey = { limit: 'key', count_max: '2' };
    const reason = ErrorReason.WATCHES_FULL;
    expect(await refusalOf(watch())).toEqual({ reason, metadata: ofKey });
    const other = { headers: { 'x-api-key': stub.addKey() } };
    await watch(other);
    const ofProcess = { limit: 'process', count_max: '3' };
    expect(await refusalOf(watch(other))).toEqual({ reason, metadata: ofProcess });
    leave.abort();
    await watch(other);
  });

  it('end before the ledger stops, and none is opened, while calls go on', async () => {
    const { stub, headers, watch } = start();
    const open = await watch();
    stub.ledger.endStreams();
    const reason = ErrorReason.UNAVAILABLE;
    expect(await refusalOf(open.next())).toMatchObject({ reason });
    expect(await refusalOf(watch())).toMatchObject({ reason });
    const { sequence } = await stub.client.credit(creditRequest, { headers });
    expect(sequence).toBe(7n);
  });
});

describe('a field that no stream has', () => {
  it.each([
    ['WatchHistory', { fromSequnce: '1' }, 'fromSequnce'],
    ['WatchBalances', { customer: 'ada' }, 'customer'],
  ])('is refused in the JSON of %s', async (method, request, field) => {
    const { stub, headers } = start();
    const { host, port } = await stub.ledger.listen({ host: '127.0.0.1', port: 0 });
    const answer = await fetch(`http://${host}:${port}/scrip.ledger.v1.LedgerService/${method}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/connect+json' },
      body: envelope(JSON.stringify(request)),
    });
    const end = (await answer.text()).slice(5);
    expect(JSON.parse(end)).toMatchObject({
      error: {
        code: 'invalid_argument',
        message: `${field} is no field of this request.`,
        details: [{ debug: { reason: 'ERROR_REASON_FIELD_INVALID', metadata: { field } } }],
      },
    });
  });
});

function envelope(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(5 + text.length);
  new DataView(bytes.buffer).setUint32(1, text.length);
  bytes.set(new TextEncoder().encode(text), 5);
  return bytes;
}
