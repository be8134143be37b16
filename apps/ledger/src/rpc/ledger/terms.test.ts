// The RPCs about holds, grants, schedules and the clock, over an engine in memory: what they
// answer, what they refuse, and whom they let in.
import { create, type DescMethod, type MessageInitShape } from '@bufbuild/protobuf';
import { Code, createClient, type ConnectError } from '@connectrpc/connect';
import {
  AdminService,
  BatchMode,
  EntrySide,
  ErrorDetailSchema,
  GrantCategory,
  GrantStatus,
  HoldStatus,
  LedgerService,
  PeriodUnit,
  ScheduleStatus,
  TransactionKind,
  type GrantTermsSchema,
} from '@scrip/contract';
import { eventCodec } from '@scrip/codec';
import { createEngine } from '@scrip/engine';
import { createMemoryJournal } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { reasonName } from '../../errors/reasons.ts';
import { createStubLedger } from '../../stub-ledger.ts';

type Terms = MessageInitShape<typeof GrantTermsSchema>;

const hour = 3600n;
const nowSeconds = 1_700_000_000n;
const afterwards = (seconds: bigint) => ({ seconds: nowSeconds + seconds });

let keyCount = 0;
const named = () => ({ reference: 'ref', idempotencyKey: `key ${++keyCount}` });
const byId = (id: string) => ({ account: { ref: { case: 'id', value: id } } }) as const;

async function open(initialBalance = '100') {
  const journal = createMemoryJournal();
  const engine = createEngine({ journal, codec: eventCodec });
  const stub = createStubLedger({
    submit: (...call) => engine.submit(...call),
    submitBatch: (...call) => engine.submitBatch(...call),
  });
  const options = { headers: { 'x-api-key': stub.addKey() } };
  const { client: ledger } = stub;
  const admin = createClient(AdminService, stub.transport);
  const made = await ledger.createAccount({ customerId: 'c', initialBalance }, options);
  const id = made.account?.id ?? '';
  const replays: (string | null)[] = [];
  const onHeader = (headers: Headers): void => {
    replays.push(headers.get('scrip-idempotent-replay'));
  };
  return {
    stub,
    ledger,
    admin,
    options,
    id,
    replays,
    recorded: { ...options, onHeader },
    hold: async (amount: string) => {
      const { hold } = await ledger.createHold({ ...byId(id), amount, ...named() }, options);
      return hold?.id ?? '';
    },
    grant: async (amount: string, terms: Terms = {}) =>
      ledger.credit({ ...byId(id), amount, grant: terms, ...named() }, options),
  };
}

async function refusalOf(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.unreachable('the call succeeded'),
    (thrown: unknown) => thrown as ConnectError,
  );
  const [detail = create(ErrorDetailSchema)] = error.findDetails(ErrorDetailSchema);
  return { code: error.code, reason: reasonName(detail.reason), metadata: detail.metadata };
}

const refused = (code: Code, reason: string, metadata: object) => ({ code, reason, metadata });

describe('a hold', () => {
  it('is kept, captured in parts, extended and released', async () => {
    const { ledger, id, options } = await open();
    const request = { ...byId(id), amount: '10.0', ...named(), metadata: { job: 7 } };
    const made = await ledger.createHold(request, options);
    expect(made).toMatchObject({
      sequence: 2n,
      hold: {
        accountId: id,
        status: HoldStatus.PENDING,
        amount: '10',
        remaining: '10',
        captured: '0',
        reference: 'ref',
        metadata: { job: 7 },
        allocations: [{ amount: '10' }],
        expiresAt: afterwards(300n),
      },
    });
    const holdId = made.hold?.id ?? '';
    const part = { holdId, amount: '4', more: true, idempotencyKey: 'part' };
    expect(await ledger.captureHold(part, options)).toMatchObject({
      hold: { status: HoldStatus.PENDING, remaining: '6', captured: '4' },
      transaction: { kind: TransactionKind.CAPTURE, reference: 'ref', entries: [{ amount: '4' }] },
    });
    const end = { case: 'ttl', value: { seconds: hour } } as const;
    expect((await ledger.extendHold({ holdId, end }, options)).hold?.expiresAt).toMatchObject(
      afterwards(hour),
    );
    const released = await ledger.releaseHold({ holdId }, options);
    expect(released).toMatchObject({ hold: { status: HoldStatus.RELEASED, remaining: '0' } });
    expect(released.sequence).toBe(5n);
  });

  it('is captured for nothing without a transaction', async () => {
    const { ledger, hold, options } = await open();
    const request = { holdId: await hold('10'), amount: '0', idempotencyKey: 'nothing' };
    const done = await ledger.captureHold(request, options);
    expect(done).toMatchObject({ hold: { status: HoldStatus.CAPTURED, captured: '0' } });
    expect(done.transaction).toBeUndefined();
  });

  it('answers the same end again, and says so', async () => {
    const { ledger, hold, recorded, replays } = await open();
    const holdId = await hold('10');
    const first = await ledger.releaseHold({ holdId }, recorded);
    expect(await ledger.releaseHold({ holdId }, recorded)).toEqual(first);
    expect(replays).toEqual([null, 'true']);
  });

  it('of more than is available is refused', async () => {
    const { ledger, hold, id, options } = await open();
    await hold('60');
    const call = ledger.createHold({ ...byId(id), amount: '41', ...named() }, options);
    expect(await refusalOf(call)).toEqual(
      refused(Code.FailedPrecondition, 'INSUFFICIENT_BALANCE', {
        account_id: id,
        required: '41',
        available: '40',
        sequence: '2',
      }),
    );
  });

  it('gives no more than it keeps, unless an excess is allowed and covered', async () => {
    const { ledger, hold, id, options } = await open();
    const holdId = await hold('60');
    const capture = (amount: string, allowExcess: boolean) =>
      ledger.captureHold({ holdId, amount, allowExcess, idempotencyKey: amount }, options);
    expect(await refusalOf(capture('61', false))).toEqual(
      refused(Code.FailedPrecondition, 'HOLD_EXCEEDED', {
        hold_id: holdId,
        required: '61',
        remaining: '60',
        sequence: '2',
      }),
    );
    expect(await refusalOf(capture('101', true))).toMatchObject({
      reason: 'INSUFFICIENT_BALANCE',
      metadata: { account_id: id, required: '41', available: '40' },
    });
    expect(await capture('99', true)).toMatchObject({ hold: { captured: '99' } });
  });

  it('that has ended is refused with how', async () => {
    const { ledger, hold, options } = await open();
    const holdId = await hold('10');
    await ledger.releaseHold({ holdId }, options);
    const metadata = { hold_id: holdId, status: 'released', sequence: '3' };
    const expected = refused(Code.FailedPrecondition, 'HOLD_NOT_ACTIVE', metadata);
    expect(await refusalOf(ledger.captureHold({ holdId, ...named() }, options))).toEqual(expected);
    expect(await refusalOf(ledger.extendHold({ holdId }, options))).toEqual(expected);
  });

  it('is unknown by another name', async () => {
    const { ledger, options } = await open();
    const holdId = 'hld_00000000000';
    const expected = refused(Code.NotFound, 'HOLD_NOT_FOUND', { hold: holdId, sequence: '1' });
    expect(await refusalOf(ledger.releaseHold({ holdId }, options))).toEqual(expected);
  });

  it('keeps its account from being closed', async () => {
    const { ledger, hold, id, options } = await open();
    await hold('10');
    expect(await refusalOf(ledger.closeAccount(byId(id), options))).toEqual(
      refused(Code.FailedPrecondition, 'ACCOUNT_HAS_HOLDS', {
        account_id: id,
        hold_count: '1',
        sequence: '2',
      }),
    );
  });

  it.each([
    ['hold_id', {}],
    ['idempotency_key', { holdId: 'hld_1' }],
    ['amount', { holdId: 'hld_1', idempotencyKey: 'k', amount: '0', more: true }],
  ])('is refused by the path %s', async (field, request) => {
    const { ledger, options } = await open();
    expect(await refusalOf(ledger.captureHold(request, options))).toMatchObject({
      code: Code.InvalidArgument,
      metadata: { field },
    });
  });

  it('ends within a day', async () => {
    const { ledger, id, options } = await open();
    const expiresAt = (seconds: bigint) =>
      ledger.createHold(
        {
          ...byId(id),
          amount: '1',
          end: { case: 'expiresAt', value: afterwards(seconds) },
          ...named(),
        },
        options,
      );
    const expected = { reason: 'FIELD_INVALID', metadata: { field: 'expires_at', sequence: '1' } };
    expect(await refusalOf(expiresAt(86_401n))).toMatchObject(expected);
    expect(await refusalOf(expiresAt(0n))).toMatchObject(expected);
    expect(await expiresAt(86_400n)).toMatchObject({ sequence: 2n });
  });
});

describe('a credit with terms', () => {
  it('names its grant, and what it posted', async () => {
    const { grant } = await open();
    const { grantId, transaction } = await grant('5', { category: GrantCategory.PROMOTIONAL });
    expect(grantId).toMatch(/^grt_\w{11}$/);
    expect(transaction?.entries).toMatchObject([{ allocations: [{ grantId, amount: '5' }] }]);
  });

  it('that takes effect later posts nothing yet', async () => {
    const { grant } = await open();
    const answer = await grant('5', { effectiveAt: afterwards(hour) });
    expect(answer.transaction).toBeUndefined();
    expect(answer.sequence).toBe(2n);
    expect(answer.grantId).toMatch(/^grt_/);
  });

  it('that has expired is refused', async () => {
    const { grant } = await open();
    expect(await refusalOf(grant('5', { expiresAt: afterwards(-1n) }))).toEqual(
      refused(Code.InvalidArgument, 'FIELD_INVALID', {
        field: 'grant.expires_at',
        sequence: '1',
      }),
    );
  });

  it('is not transferable, and the refusal says what is', async () => {
    const { ledger, grant, id, options } = await open('3');
    await grant('5');
    const other = await ledger.createAccount({ customerId: 'd' }, options);
    const entries = [
      { ...byId(id), amount: '4', side: EntrySide.DEBIT },
      { ...byId(other.account?.id ?? ''), amount: '4', side: EntrySide.CREDIT },
    ];
    expect(await refusalOf(ledger.postTransaction({ entries, ...named() }, options))).toMatchObject(
      {
        reason: 'INSUFFICIENT_BALANCE',
        metadata: { account_id: id, required: '4', available: '8', transferable: '3' },
      },
    );
  });

  it('is an item of a batch', async () => {
    const { ledger, id, options } = await open();
    const creditOf = (grant: Terms) =>
      ({
        item: { case: 'credit', value: { ...byId(id), amount: '5', ...named(), grant } },
      }) as const;
    const items = [
      creditOf({}),
      creditOf({ effectiveAt: afterwards(hour) }),
      creditOf({ priority: 101 }),
      creditOf({ expiresAt: afterwards(-1n) }),
    ];
    const { results } = await ledger.postBatch({ items, mode: BatchMode.INDEPENDENT }, options);
    const grantId = expect.stringMatching(/^grt_/) as string;
    expect(results.map(({ result }) => result)).toMatchObject([
      { case: 'posted', value: { transaction: { sequence: 2n }, grantId } },
      { case: 'posted', value: { grantId, replayed: false } },
      { case: 'refused', value: { metadata: { field: 'grant.priority' } } },
      { case: 'refused', value: { metadata: { field: 'grant.expires_at', sequence: '3' } } },
    ]);
    const [, later] = results;
    expect(later?.result.case === 'posted' && later.result.value.transaction).toBeUndefined();
  });
});

describe('a void', () => {
  it('takes back what is left, once', async () => {
    const { ledger, grant, recorded, replays } = await open();
    const { grantId = '' } = await grant('5');
    const done = await ledger.voidGrant({ grantId, reference: 'mistake' }, recorded);
    expect(done).toMatchObject({
      grant: { id: grantId, status: GrantStatus.VOIDED, remaining: '0', voided: '5' },
      transaction: { kind: TransactionKind.VOID, reference: 'mistake' },
    });
    expect(await ledger.voidGrant({ grantId, reference: 'again' }, recorded)).toEqual(done);
    expect(replays).toEqual([null, 'true']);
  });

  it('is refused for a grant that has expired, and for an unknown one', async () => {
    const { ledger, admin, grant, options } = await open();
    const { grantId = '' } = await grant('5', { expiresAt: afterwards(hour) });
    await admin.advanceClock({ by: { seconds: hour } }, options);
    expect(await refusalOf(ledger.voidGrant({ grantId }, options))).toMatchObject(
      refused(Code.FailedPrecondition, 'GRANT_NOT_ACTIVE', {
        grant_id: grantId,
        status: 'expired',
      }),
    );
    const unknown = 'grt_00000000000';
    expect(await refusalOf(ledger.voidGrant({ grantId: unknown }, options))).toMatchObject(
      refused(Code.NotFound, 'GRANT_NOT_FOUND', { grant: unknown }),
    );
  });
});

describe('a schedule', () => {
  const monthly = { period: { unit: PeriodUnit.MONTH, count: 1 } };

  it('is made and ended, once', async () => {
    const { ledger, id, options, recorded, replays } = await open();
    const request = { ...byId(id), amount: '9', ...monthly, ...named() };
    const made = await ledger.createSchedule(request, options);
    expect(made).toMatchObject({
      sequence: 2n,
      schedule: { status: ScheduleStatus.ACTIVE, amount: '9', priority: 50, issuedCount: 0 },
    });
    const scheduleId = made.schedule?.id ?? '';
    const ended = await ledger.endSchedule({ scheduleId }, recorded);
    expect(ended.schedule).toMatchObject({ status: ScheduleStatus.ENDED, issuedCount: 1 });
    expect(ended.schedule?.nextIssueAt).toBeUndefined();
    expect(await ledger.endSchedule({ scheduleId }, recorded)).toEqual(ended);
    expect(replays).toEqual([null, 'true']);
  });

  it('is refused for what is past, and beyond twenty', async () => {
    const { ledger, id, options } = await open();
    const schedule = (more: object = {}) =>
      ledger.createSchedule({ ...byId(id), amount: '9', ...monthly, ...named(), ...more }, options);
    expect(await refusalOf(schedule({ anchor: afterwards(-1n) }))).toMatchObject({
      reason: 'FIELD_INVALID',
      metadata: { field: 'anchor' },
    });
    for (let i = 0; i < 20; i++) await schedule({ anchor: afterwards(hour) });
    expect(await refusalOf(schedule())).toMatchObject(
      refused(Code.FailedPrecondition, 'SCHEDULE_LIMIT', { account_id: id, count_max: '20' }),
    );
  });

  it('is unknown by another name', async () => {
    const { ledger, options } = await open();
    const scheduleId = 'sch_00000000000';
    expect(await refusalOf(ledger.endSchedule({ scheduleId }, options))).toMatchObject(
      refused(Code.NotFound, 'SCHEDULE_NOT_FOUND', { schedule: scheduleId }),
    );
  });
});

describe('the clock', () => {
  it('of a test book is moved forward, once for a key', async () => {
    const { admin, recorded, replays } = await open();
    const request = { by: { seconds: hour, nanos: 1 }, idempotencyKey: 'clock' };
    const moved = await admin.advanceClock(request, recorded);
    expect(moved).toMatchObject({
      now: { seconds: nowSeconds + hour, nanos: 1_000_000 },
      sequence: 2n,
    });
    expect(await admin.advanceClock(request, recorded)).toEqual(moved);
    expect(replays).toEqual([null, 'true']);
  });

  it('of a real book is not', async () => {
    const { admin, stub } = await open();
    const options = { headers: { 'x-api-key': stub.addKey({ mode: 'prod' }) } };
    expect(await refusalOf(admin.advanceClock({ by: { seconds: 1n } }, options))).toEqual(
      refused(Code.FailedPrecondition, 'CLOCK_NOT_MOVABLE', {}),
    );
  });

  it.each([
    {},
    { by: {} },
    { by: { seconds: -1n } },
    { by: { seconds: 316_224_001n } },
    { by: { seconds: 5n, nanos: -1 } },
  ])('is not moved otherwise', async (request) => {
    const { admin, options } = await open();
    expect(await refusalOf(admin.advanceClock(request, options))).toMatchObject({
      code: Code.InvalidArgument,
      metadata: { field: 'by' },
    });
  });
});

describe('the RPCs about terms', () => {
  const { method } = LedgerService;
  const writes = [
    method.createHold,
    method.captureHold,
    method.extendHold,
    method.releaseHold,
    method.voidGrant,
    method.createSchedule,
    method.endSchedule,
  ];
  const reads = [
    method.getHold,
    method.listHolds,
    method.getGrant,
    method.listGrants,
    method.getSchedule,
    method.listSchedules,
    method.explainBalance,
    method.explainEntry,
  ];

  it.each<[string, readonly DescMethod[]]>([
    ['ledger:write', writes],
    ['ledger:read', reads],
    ['admin', [AdminService.method.advanceClock]],
  ])('need the scope %s', async (scope, methods) => {
    const { stub } = await open();
    const others = ['ledger:read', 'ledger:write', 'admin'].filter((other) => other !== scope);
    const options = { headers: { 'x-api-key': stub.addKey({ scopes: others }) } };
    for (const each of methods) {
      expect([each.name, await callOf(each, options, stub)]).toEqual([
        each.name,
        refused(Code.PermissionDenied, 'SCOPE_MISSING', { scope }),
      ]);
    }
  });

  it('are not for access tokens', async () => {
    const { admin, stub, options } = await open();
    const { accessToken } = await admin.mintAccessToken({ customerId: 'c' }, options);
    const asBearer = { headers: { authorization: `Bearer ${accessToken}` } };
    for (const each of [...writes, ...reads, AdminService.method.advanceClock]) {
      expect([each.name, await callOf(each, asBearer, stub)]).toMatchObject([
        each.name,
        { code: Code.PermissionDenied, reason: 'SCOPE_MISSING' },
      ]);
    }
  });
});

/** How an empty request to a method is refused. */
async function callOf(
  { parent, localName }: DescMethod,
  options: object,
  stub: ReturnType<typeof createStubLedger>,
) {
  type Rpcs = Record<string, (request: object, options: object) => Promise<unknown>>;
  const rpcs = createClient(parent, stub.transport) as unknown as Rpcs;
  return refusalOf(rpcs[localName]?.({}, options) ?? Promise.resolve());
}
