// Calls within the process: what goes straight to the handlers is answered as by the router.
import { create } from '@bufbuild/protobuf';
import { ConnectError, type Transport } from '@connectrpc/connect';
import {
  AdminService,
  ErrorDetailSchema,
  LedgerService,
  PostBatchRequestSchema,
} from '@scrip/contract';
import { CouponService } from '@scrip/contract/coupons';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createStubLedger, creditRequest } from '../stub-ledger.ts';
import { startTwoLedgers, type TwoLedgers } from './two-ledgers.ts';

let ledgers: TwoLedgers;

beforeAll(async () => void (ledgers = await startTwoLedgers()));
afterAll(() => ledgers.close());

type Asked = {
  readonly header?: Record<string, string>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

type Call = (transport: Transport, asked: Asked) => Promise<unknown>;

const credit =
  (request: object = {}): Call =>
  (transport, { signal, timeoutMs, header }) =>
    transport.unary(LedgerService.method.credit, signal, timeoutMs, header, {
      ...creditRequest,
      ...request,
    });

/** What one of both tells: answer or error with all that its caller can see, and its log line. */
async function told(which: 'fast' | 'stock', call: Call, asked: Asked) {
  const { stub } = ledgers[which];
  const before = ends(which).length;
  const header = { 'x-api-key': ledgers.apiKey, 'x-request-id': 'r-1', ...asked.header };
  const outcome = await call(stub.transport, { ...asked, header }).then(
    (answer) => answer,
    (thrown: unknown) => factsOf(ConnectError.from(thrown)),
  );
  await expect.poll(() => ends(which).length, { interval: 2 }).toBeGreaterThan(before);
  return { outcome: plain(outcome), lines: ends(which).slice(before) };
}

function ends(which: 'fast' | 'stock') {
  const lines = ledgers[which].stub.lines().filter(({ msg }) => msg === 'call');
  return lines.map(({ time: _time, duration_ms: _duration, ...line }) => line);
}

function factsOf(error: ConnectError) {
  const { code, rawMessage, metadata, details } = error;
  const known = error.findDetails(ErrorDetailSchema);
  return { code, rawMessage, metadata, known, detailCount: details.length };
}

/** Headers are told as entries, and those that are about bytes on a wire are not compared. */
function plain(outcome: unknown): unknown {
  const { header, metadata, trailer, ...rest } = outcome as Record<string, Headers | undefined>;
  const entries = (headers: Headers | undefined) =>
    headers && [...headers].filter(([name]) => !name.startsWith('content-'));
  return {
    ...rest,
    header: entries(header),
    metadata: entries(metadata),
    trailer: entries(trailer),
  };
}

async function both(call: Call, asked: Asked = {}) {
  return { fast: await told('fast', call, asked), stock: await told('stock', call, asked) };
}

describe('a call within the process', () => {
  it('is answered with message, headers and request id', async () => {
    const { fast, stock } = await both(credit());
    expect(fast).toEqual(stock);
    const { outcome, lines } = fast;
    expect(outcome).toMatchObject({
      header: [['scrip-request-id', 'r-1']],
      message: { sequence: 7n, transaction: { reference: 'order 1' } },
    });
    expect(lines).toMatchObject([{ code: 'ok', protocol: 'connect', request_id: 'r-1' }]);
  });

  it.each(['refused', 'replayed', 'queue full', 'unavailable', 'collided', 'bug'])(
    'is told of: %s',
    async (reference) => {
      const { fast, stock } = await both(credit({ reference }));
      expect(fast).toEqual(stock);
    },
  );

  it.each([
    ['without an amount', { amount: '' }],
    ['with a text that is no Unicode', { reference: '\ud800' }],
    ['that is too long', { metadata: { text: 'x'.repeat(5_000) } }],
    ['with a number for a text', { reference: 5 }],
  ])('is refused or answered alike %s', async (_what, request) => {
    // A request that cannot be encoded leaves no line, since it was never sent.
    const calls = (['fast', 'stock'] as const).map((which) =>
      credit(request)(ledgers[which].stub.transport, {
        header: { 'x-api-key': ledgers.apiKey, 'x-request-id': 'r-1' },
      }).then(plain, (thrown: unknown) => plain(factsOf(ConnectError.from(thrown)))),
    );
    const [fast, stock] = await Promise.all(calls);
    expect(fast).toEqual(stock);
  });

  it.each([
    ['no key', { 'x-api-key': '' }],
    ['a key of nobody', { 'x-api-key': `scrip_test_${'0'.repeat(32)}` }],
    ['a bearer that is none', { 'x-api-key': '', authorization: 'Bearer x' }],
  ])('is refused with %s', async (_what, header) => {
    const { fast, stock } = await both(credit(), { header });
    expect(fast).toEqual(stock);
    expect(fast.outcome).toMatchObject({ code: 16 });
  });

  it('is refused to a key that lacks the scope', async () => {
    const header = { 'x-api-key': ledgers.readKey };
    const { fast, stock } = await both(credit(), { header });
    expect(fast).toEqual(stock);
    expect(fast.outcome).toMatchObject({ code: 7 });
  });

  it.each([0, 1.5, 400_000])('is judged alike with %d ms', async (timeoutMs) => {
    const { fast, stock } = await both(credit(), { timeoutMs });
    expect(fast).toEqual(stock);
  });

  it('ends at its deadline', async () => {
    const { outcome, lines } = await told('fast', credit({ reference: 'slow' }), { timeoutMs: 20 });
    expect(outcome).toMatchObject({
      code: 4,
      rawMessage: expect.stringContaining('A write may have happened') as string,
    });
    expect(lines).toMatchObject([{ code: 'deadline_exceeded', reason: 'DEADLINE_EXCEEDED' }]);
  });

  it('ends with its caller, and takes nothing of a call whose caller has gone', async () => {
    for (const signal of [AbortSignal.timeout(20), AbortSignal.abort()]) {
      const call = credit({ reference: 'slow' })(ledgers.fast.stub.transport, {
        signal,
        header: { 'x-api-key': ledgers.apiKey },
      });
      await expect(call).rejects.toMatchObject({ code: 1 });
    }
  });

  it('tells its caller the reason that it left with, and the log of its time', async () => {
    const reason = new Error('mine');
    const left = await both(credit({ reference: 'slow' }), { signal: AbortSignal.abort(reason) });
    expect(left.fast.outcome).toMatchObject({ code: 1, rawMessage: 'mine' });
    expect(left.stock.outcome).toMatchObject({ code: 1, rawMessage: 'mine' });
    const { lines } = await told('fast', credit({ reference: 'slow' }), {
      signal: AbortSignal.timeout(20),
      timeoutMs: 5_000,
    });
    expect(lines).toMatchObject([{ code: 'deadline_exceeded', reason: 'DEADLINE_EXCEEDED' }]);
  });

  it('asks for a key once, and waits for it no longer than its caller', async () => {
    const found = Promise.withResolvers<void>();
    const stub = createStubLedger({ beforeFind: () => found.promise });
    const header = { 'x-api-key': stub.addKey() };
    const late = credit()(stub.transport, { header, timeoutMs: 20 });
    await expect(late).rejects.toMatchObject({ code: 4 });
    const gone = credit()(stub.transport, { header, signal: AbortSignal.timeout(20) });
    await expect(gone).rejects.toMatchObject({ code: 1 });
    found.resolve();
    const before = stub.keyLookups();
    const nobody = { 'x-api-key': `scrip_test_${'0'.repeat(32)}` };
    const refused = credit()(stub.transport, { header: nobody });
    await expect(refused).rejects.toMatchObject({ code: 16 });
    expect(stub.keyLookups() - before).toBeLessThan(2);
    await stub.ledger.close();
  });

  it('leaves nothing at a signal that outlives it', async () => {
    const { signal } = new AbortController();
    const [add, remove] = [
      vi.spyOn(signal, 'addEventListener'),
      vi.spyOn(signal, 'removeEventListener'),
    ];
    await credit()(ledgers.fast.stub.transport, {
      signal,
      header: { 'x-api-key': ledgers.apiKey },
    });
    expect(add.mock.calls.map(([, listener]) => listener)).toHaveLength(1);
    expect(remove.mock.calls).toEqual(add.mock.calls);
  });

  it('reaches batches, coupons and what only the router knows', async () => {
    const items = [{ item: { case: 'credit', value: creditRequest } }] as const;
    const calls: readonly Call[] = [
      (transport, { header }) =>
        transport.unary(LedgerService.method.postBatch, undefined, undefined, header, {
          items: create(PostBatchRequestSchema, { items: [...items] }).items,
        }),
      (transport, { header }) =>
        transport.unary(
          CouponService.method.revokeCustomerCredit,
          undefined,
          undefined,
          header,
          {},
        ),
      (transport, { header }) =>
        transport.unary(AdminService.method.listStores, undefined, undefined, header, {}),
    ];
    for (const call of calls) {
      const { fast, stock } = await both(call);
      expect(fast).toEqual(stock);
    }
  });
});
