// What every call goes through, seen through the in-process transport.
import { create } from '@bufbuild/protobuf';
import { Code, type ConnectError } from '@connectrpc/connect';
import { ErrorDetailSchema, ErrorReason } from '@scrip/contract';
import { EngineError, JournalError, type Engine } from '@scrip/engine';
import { refuse, type Sequence } from '@scrip/kernel';
import { describe, expect, it } from 'vitest';
import { createStubLedger, credited, creditRequest, type StubLedger } from '../stub-ledger.ts';

async function errorOf(call: Promise<unknown>): Promise<ConnectError> {
  return call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error as ConnectError,
  );
}

function detailOf(error: ConnectError) {
  const [detail] = error.findDetails(ErrorDetailSchema);
  return detail ?? create(ErrorDetailSchema);
}

function withKey(apiKey: string) {
  return { headers: { 'x-api-key': apiKey } };
}

const credit = (stub: StubLedger, apiKey: string) =>
  stub.client.credit(creditRequest, withKey(apiKey));

describe('keys', () => {
  it('are missing: KEY_MISSING', async () => {
    const error = await errorOf(createStubLedger().client.credit(creditRequest));
    expect(error.code).toBe(Code.Unauthenticated);
    expect(detailOf(error).reason).toBe(ErrorReason.KEY_MISSING);
  });

  it.each(['scrip_test_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'nonsense'])(
    'are unknown: KEY_UNKNOWN for %s',
    async (apiKey) => {
      const error = await errorOf(credit(createStubLedger(), apiKey));
      expect(error.code).toBe(Code.Unauthenticated);
      expect(detailOf(error).reason).toBe(ErrorReason.KEY_UNKNOWN);
    },
  );

  it('are taken as a bearer token as well', async () => {
    const stub = createStubLedger();
    const authorization = `bearer ${stub.addKey()}`;
    const answer = await stub.client.credit(creditRequest, { headers: { authorization } });
    expect(answer.sequence).toBe(7n);
  });

  it.each([
    [['ledger:read'], 'ledger:write'],
    [['admin'], 'ledger:write'],
    [[], 'ledger:write'],
  ])('with %j lack %s', async (scopes, scope) => {
    const stub = createStubLedger();
    const error = await errorOf(credit(stub, stub.addKey({ scopes })));
    expect(error.code).toBe(Code.PermissionDenied);
    expect(detailOf(error)).toMatchObject({
      reason: ErrorReason.SCOPE_MISSING,
      metadata: { scope },
    });
  });

  it('that may only write may not read', async () => {
    const stub = createStubLedger();
    const apiKey = stub.addKey({ scopes: ['ledger:write'] });
    const error = await errorOf(stub.client.listAccounts({}, withKey(apiKey)));
    expect(detailOf(error).metadata).toEqual({ scope: 'ledger:read' });
  });

  it.each(['ledger:read', 'ledger:write'] as const)('with %s may read the head', async (scope) => {
    const stub = createStubLedger();
    const apiKey = stub.addKey({ scopes: [scope] });
    // The stub keeps no books: the call got past the scopes.
    const error = await errorOf(stub.client.getHead({}, withKey(apiKey)));
    expect(detailOf(error).reason).not.toBe(ErrorReason.SCOPE_MISSING);
  });

  it('with neither scope of the ledger may not read the head', async () => {
    const stub = createStubLedger();
    const apiKey = stub.addKey({ scopes: ['coupons:read'] });
    const error = await errorOf(stub.client.getHead({}, withKey(apiKey)));
    expect(detailOf(error).metadata).toEqual({ scope: 'ledger:read or ledger:write' });
  });

  it('of the operator have no book', async () => {
    const stub = createStubLedger();
    const { ...operator } = { storeId: undefined, mode: undefined, scopes: ['operator'] };
    const apiKey = stub.addKey(operator as never);
    const error = await errorOf(credit(stub, apiKey));
    expect(detailOf(error).reason).toBe(ErrorReason.SCOPE_MISSING);
  });

  it('are asked for before the form is looked at', async () => {
    const error = await errorOf(createStubLedger().client.credit({}));
    expect(detailOf(error).reason).toBe(ErrorReason.KEY_MISSING);
  });

  it('are looked up once for many calls', async () => {
    const stub = createStubLedger();
    const apiKey = stub.addKey();
    await Promise.all(Array.from({ length: 20 }, () => credit(stub, apiKey)));
    expect(stub.keyLookups()).toBe(1);
  });
});

describe('form', () => {
  it.each([
    ['reference', { ...creditRequest, reference: '' }],
    ['idempotency_key', { ...creditRequest, idempotencyKey: 'x'.repeat(256) }],
    ['account', { ...creditRequest, account: undefined }],
    ['account.ref', { ...creditRequest, account: {} }],
    ['account.id', { ...creditRequest, account: { ref: { case: 'id', value: '' } } }],
  ])('is refused by the path %s', async (field, request) => {
    const stub = createStubLedger();
    const error = await errorOf(stub.client.credit(request as never, withKey(stub.addKey())));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(detailOf(error)).toMatchObject({
      reason: ErrorReason.FIELD_INVALID,
      metadata: { field },
    });
    expect(error.details).toHaveLength(2);
  });

  it.each([
    [{ ...creditRequest, reference: '' }, 'reference is required.'],
    [{ ...creditRequest, account: undefined }, 'account is required.'],
    [{ ...creditRequest, account: {} }, 'account.ref is required: id or external_id.'],
  ])('says of what is missing that it is required', async (request, message) => {
    const stub = createStubLedger();
    const error = await errorOf(stub.client.credit(request, withKey(stub.addKey())));
    expect(error.rawMessage).toBe(message);
  });

  it('of an amount is AMOUNT_INVALID', async () => {
    const stub = createStubLedger();
    const request = { ...creditRequest, amount: '-1' };
    const error = await errorOf(stub.client.credit(request, withKey(stub.addKey())));
    expect(detailOf(error)).toMatchObject({
      reason: ErrorReason.AMOUNT_INVALID,
      metadata: { field: 'amount' },
    });
  });
});

describe('answers', () => {
  it('carry amounts of any size and the sequence', async () => {
    const stub = createStubLedger();
    const { transaction, sequence } = await credit(stub, stub.addKey());
    expect(transaction?.entries[0]?.balanceAfter).toBe(`1${'0'.repeat(38)}`);
    expect(sequence).toBe(7n);
  });

  it.each([
    ['accepted', null],
    ['replayed', 'true'],
  ] as const)('that were %s have the replay header %s', async (kind, expected) => {
    const stub = createStubLedger({ submit: async () => ({ ...credited, kind }) });
    let replay: string | null = 'none';
    const onHeader = (header: Headers) => {
      replay = header.get('scrip-idempotent-replay');
    };
    await stub.client.credit(creditRequest, { ...withKey(stub.addKey()), onHeader });
    expect(replay).toBe(expected);
  });

  it.each([
    ['order-17/a', 'order-17/a'],
    ['bad id', expect.stringMatching(/^[0-9a-f-]{36}$/)],
  ])('to the request id %s bear %s', async (given, expected) => {
    const stub = createStubLedger();
    const headers = { 'x-api-key': stub.addKey(), 'x-request-id': given };
    let requestId: string | null = null;
    const onHeader = (header: Headers) => {
      requestId = header.get('scrip-request-id');
    };
    await stub.client.credit(creditRequest, { headers, onHeader });
    expect(requestId).toEqual(expected);
  });
});

describe('failures', () => {
  const refusal = refuse('INSUFFICIENT_BALANCE', 'Too little.', { required: '20' });

  it.each([
    ['WRITE_ABORTED', new EngineError('aborted'), Code.Aborted],
    ['QUEUE_FULL', new EngineError('queue_full', { retryAfterMs: 50 }), Code.ResourceExhausted],
    ['UNAVAILABLE', new EngineError('unavailable'), Code.Unavailable],
    ['INTERNAL', new EngineError('failed'), Code.Internal],
    ['UNAVAILABLE', journalError('unavailable'), Code.Unavailable],
    ['UNAVAILABLE', journalError('collision'), Code.Unavailable],
    ['INTERNAL', journalError('content'), Code.Internal],
    ['INTERNAL', new Error('select secret from table'), Code.Internal],
  ] as const)('are %s for %s', async (reason, thrown, code) => {
    const stub = createStubLedger({ submit: () => Promise.reject(thrown) });
    const error = await errorOf(credit(stub, stub.addKey()));
    expect(error.code).toBe(code);
    expect(detailOf(error).reason).toBe(ErrorReason[reason]);
    expect(JSON.stringify(error.message)).not.toContain('secret');
  });

  it('say how long to wait', async () => {
    const thrown = new EngineError('queue_full', { retryAfterMs: 50 });
    const stub = createStubLedger({ submit: () => Promise.reject(thrown) });
    const error = await errorOf(credit(stub, stub.addKey()));
    expect(detailOf(error).retryAfter?.nanos).toBe(50_000_000);
  });

  it('that are refusals have the facts and the sequence', async () => {
    const outcome = { kind: 'refused', refusal, sequence: 17 as Sequence } as const;
    const stub = createStubLedger({ submit: async () => outcome });
    const error = await errorOf(credit(stub, stub.addKey()));
    expect(error.code).toBe(Code.FailedPrecondition);
    expect(error.rawMessage).toBe('Too little.');
    expect(detailOf(error).metadata).toEqual({ required: '20', sequence: '17' });
  });

  it('that are bugs are logged whole under the request id', async () => {
    const stub = createStubLedger({ submit: () => Promise.reject(new Error('the cause')) });
    const headers = { 'x-api-key': stub.addKey(), 'x-request-id': 'r-1' };
    await errorOf(stub.client.credit(creditRequest, { headers }));
    expect(stub.lines()).toContainEqual(
      expect.objectContaining({
        request_id: 'r-1',
        err: expect.objectContaining({ message: 'the cause' }) as unknown,
      }),
    );
  });
});

describe('deadlines', () => {
  const never = () => new Promise<never>(() => undefined);

  it('end a call that named none after the default', async () => {
    const stub = createStubLedger({ submit: never, limits: { deadlineMsDefault: 20 } });
    const error = await errorOf(credit(stub, stub.addKey()));
    expect(error.code).toBe(Code.DeadlineExceeded);
    expect(detailOf(error).reason).toBe(ErrorReason.DEADLINE_EXCEEDED);
  });

  it('that a caller names may be longer than the default', async () => {
    const { promise: decided, resolve } = Promise.withResolvers<typeof credited>();
    const stub = createStubLedger({ submit: () => decided, limits: { deadlineMsDefault: 20 } });
    const apiKey = stub.addKey();
    const options = { ...withKey(apiKey), timeoutMs: 60_000 };
    const named = stub.client.credit(creditRequest, options);
    // It was sent after the other one, and is over.
    expect((await errorOf(credit(stub, apiKey))).code).toBe(Code.DeadlineExceeded);
    resolve(credited);
    expect((await named).sequence).toBe(7n);
  });

  it('reach the engine', async () => {
    let seen: Parameters<Engine['submit']>[2];
    const stub = createStubLedger({
      limits: { deadlineMsDefault: 20 },
      submit: (_book, _command, signal) => {
        seen = signal;
        return never();
      },
    });
    await errorOf(credit(stub, stub.addKey()));
    expect(seen?.aborted).toBe(true);
  });

  it('beyond the longest are refused', async () => {
    const stub = createStubLedger({ limits: { deadlineMsMax: 1000 } });
    const options = { ...withKey(stub.addKey()), timeoutMs: 2000 };
    const error = await errorOf(stub.client.credit(creditRequest, options));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(detailOf(error).metadata).toEqual({ field: 'timeout' });
  });
});

describe('the log', () => {
  it('has one line a call, without keys', async () => {
    const stub = createStubLedger();
    const apiKey = stub.addKey();
    await credit(stub, apiKey);
    await errorOf(stub.client.credit({ ...creditRequest, reference: '' }, withKey(apiKey)));
    const calls = stub.lines().filter((line) => line['msg'] === 'call');
    expect(calls).toMatchObject([
      { method: 'scrip.ledger.v1.LedgerService/Credit', code: 'ok', key_id: 'key_0' },
      { code: 'invalid_argument', reason: 'FIELD_INVALID', key_id: 'key_0' },
    ]);
    expect(JSON.stringify(stub.lines())).not.toContain(apiKey);
  });

  it('has a line for a call without a key', async () => {
    const stub = createStubLedger();
    await errorOf(stub.client.credit(creditRequest));
    expect(stub.lines()).toMatchObject([{ code: 'unauthenticated', reason: 'KEY_MISSING' }]);
  });
});

function journalError(fault: JournalError['fault']): JournalError {
  return new JournalError('not_committed', fault, { cause: new Error('secret') });
}
