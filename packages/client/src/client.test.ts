// The client over an in-process router: what it sends, what it gives back, how it fails.
import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect';
import type { ServiceImpl } from '@connectrpc/connect';
import { ErrorDetailSchema, ErrorReason, LedgerService } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import type { ClientDefaults } from './index.ts';
import { createScripClient, isReplay, ScripError } from './index.ts';

type Fake = Partial<ServiceImpl<typeof LedgerService>>;

const credit = {
  account: { ref: { case: 'id', value: 'cca_0123456789A' } },
  amount: '5',
  reference: 'order-1',
  idempotencyKey: 'key-1',
} as const;

describe('a call', () => {
  it('gives the typed answer and shows the response headers', async () => {
    const client = clientOf({
      credit(request, context) {
        context.responseHeader.set('scrip-idempotent-replay', 'true');
        return { transaction: { id: 'cct_1', reference: request.reference }, sequence: 3n };
      },
    });
    const replays: boolean[] = [];
    const answer = await client.credit(credit, {
      onHeader: (header) => replays.push(isReplay(header)),
    });
    expect(answer.transaction?.reference).toBe('order-1');
    expect(answer.sequence).toBe(3n);
    expect(replays).toEqual([true]);
  });

  it('sends the API key of the call before the one of the client', async () => {
    const keys: (string | null)[] = [];
    const client = clientOf(
      {
        getHead(_request, context) {
          keys.push(context.requestHeader.get('x-api-key'));
          return {};
        },
      },
      { apiKey: 'scrip_test_a' },
    );
    await client.getHead({});
    await client.getHead({}, { apiKey: 'scrip_test_b' });
    expect(keys).toEqual(['scrip_test_a', 'scrip_test_b']);
  });

  it('sends the headers of the call', async () => {
    const ids: (string | null)[] = [];
    const client = clientOf({
      getHead(_request, context) {
        ids.push(context.requestHeader.get('x-request-id'));
        return {};
      },
    });
    await client.getHead({}, { headers: { 'x-request-id': 'r-1' } });
    expect(ids).toEqual(['r-1']);
  });
});

describe('an error', () => {
  it('carries code, reason, facts, pause and request id of the ledger', async () => {
    const client = clientOf({
      credit() {
        throw new ConnectError('too many wait', Code.ResourceExhausted, requestId('req-7'), [
          {
            desc: ErrorDetailSchema,
            value: {
              reason: ErrorReason.QUEUE_FULL,
              metadata: { sequence: '9' },
              retryAfter: { seconds: 1n, nanos: 500_000_000 },
            },
          },
        ]);
      },
    });
    const error = await failureOf(client.credit(credit));
    expect(error).toMatchObject({
      name: 'ScripError',
      message: 'too many wait',
      code: 'resource_exhausted',
      reason: 'QUEUE_FULL',
      metadata: { sequence: '9' },
      retryAfterMs: 1500,
      requestId: 'req-7',
    });
  });

  it('has no reason when the ledger names one that this client does not know', async () => {
    const client = clientOf({
      credit() {
        const detail = { desc: ErrorDetailSchema, value: { reason: 9999 as never } };
        throw new ConnectError('new', Code.FailedPrecondition, {}, [detail]);
      },
    });
    const error = await failureOf(client.credit(credit));
    expect(error.code).toBe('failed_precondition');
    expect(error.reason).toBeUndefined();
  });

  it('is deadline_exceeded when the whole call takes too long', async () => {
    const client = clientOf({ getHead: (_request, { signal }) => untilAborted(signal) });
    const error = await failureOf(client.getHead({}, { timeoutMs: 20 }));
    expect(error.code).toBe('deadline_exceeded');
  });

  it.each([
    ['a key that is no header', { apiKey: 'scrip_test_…' }],
    ['a header that is none', { headers: { 'x-request-id': 'a\nb' } }],
    ['no key', { apiKey: '' }],
    ['no time at all', { timeoutMs: 0 }],
    ['time gone by', { timeoutMs: -1 }],
    ['half a millisecond', { timeoutMs: 0.5 }],
    ['time that is no number', { timeoutMs: '5000' as never }],
    ['time that no timer takes', { timeoutMs: 2 ** 31 }],
    ['time without end', { timeoutMs: Infinity }],
  ])('is invalid_argument, and shows no key, for %s', async (_what, options) => {
    const error = await failureOf(clientOf({ getHead: () => ({}) }).getHead({}, options));
    expect(error.code).toBe('invalid_argument');
    expect(`${error.message} ${String(error.cause)}`).not.toContain('scrip_test_');
  });

  it('is canceled when the caller ends the call', async () => {
    const abort = new AbortController();
    const client = clientOf({
      getHead: (_request, { signal }) => {
        abort.abort();
        return untilAborted(signal);
      },
    });
    const error = await failureOf(client.getHead({}, { signal: abort.signal }));
    expect(error.code).toBe('canceled');
  });
});

function clientOf(fake: Fake, defaults: ClientDefaults = {}) {
  const transport = createRouterTransport(({ service }) => service(LedgerService, fake));
  return createScripClient({ transport, retry: false, ...defaults });
}

function requestId(id: string): Headers {
  return new Headers({ 'scrip-request-id': id });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new ConnectError('ended', Code.Canceled));
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  return promise;
}

async function failureOf(call: Promise<unknown>): Promise<ScripError> {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof ScripError)) throw new Error('no ScripError was thrown');
  return thrown;
}
