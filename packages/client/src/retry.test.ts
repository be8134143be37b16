// Which calls are tried again, and after which errors.
import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect';
import { BatchMode, ErrorDetailSchema, ErrorReason, LedgerService } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import type { ScripClient } from './index.ts';
import { createScripClient, ScripError } from './index.ts';

const account = { ref: { case: 'id', value: 'cca_0123456789A' } } as const;
const unavailable = () => new ConnectError('gone', Code.Unavailable);

describe('a call that failed as unavailable', () => {
  it.each<[string, (client: ScripClient) => Promise<unknown>, number]>([
    ['a read', (client) => client.getHead({}), 3],
    ['a write with a key', (client) => client.freezeAccount({ account, idempotencyKey: 'k' }), 3],
    ['a reversal', (client) => client.reverseTransaction({ transactionId: 'cct_1' }), 3],
    ['a batch', (client) => client.postBatch({ mode: BatchMode.ATOMIC }), 3],
    ['a write without a key', (client) => client.freezeAccount({ account }), 1],
  ])('sends %s again only where that is safe', async (_name, call, tries) => {
    const { client, sent } = failing(unavailable);
    await expect(call(client)).rejects.toBeInstanceOf(ScripError);
    expect(sent()).toBe(tries);
  });
});

describe('a call that was refused', () => {
  it.each([
    ['WRITE_ABORTED', Code.Aborted, 3],
    ['QUEUE_FULL', Code.ResourceExhausted, 3],
    ['INSUFFICIENT_BALANCE', Code.FailedPrecondition, 1],
    ['DEADLINE_EXCEEDED', Code.DeadlineExceeded, 1],
  ] as const)('is sent again after %s if nothing happened', async (reason, code, tries) => {
    const { client, sent } = failing(() => refusal(reason, code));
    await expect(client.freezeAccount({ account })).rejects.toMatchObject({ reason });
    expect(sent()).toBe(tries);
  });

  it('succeeds when a later try does', async () => {
    const { client } = failing(unavailable, 2);
    await expect(client.getHead({})).resolves.toMatchObject({ storeId: 'sto_1' });
  });

  it('waits no longer than the deadline of the whole call', async () => {
    const { client } = failing(unavailable, 9, 60_000);
    const call = client.getHead({}, { timeoutMs: 30 });
    await expect(call).rejects.toBeInstanceOf(ScripError);
  });
});

/** A client of a ledger that fails `failures` times with the error. */
function failing(error: () => ConnectError, failures = Infinity, delayMsFirst = 1) {
  let count = 0;
  const answer = () => {
    count += 1;
    if (count <= failures) throw error();
    return {};
  };
  const transport = createRouterTransport(({ service }) =>
    service(LedgerService, {
      getHead: () => ({ ...answer(), storeId: 'sto_1' }),
      freezeAccount: answer,
      reverseTransaction: answer,
      postBatch: answer,
    }),
  );
  const retry = { attemptsMax: 3, delayMsFirst, random: () => 1 };
  return { client: createScripClient({ transport, retry }), sent: () => count };
}

function refusal(reason: keyof typeof ErrorReason, code: Code): ConnectError {
  const detail = { desc: ErrorDetailSchema, value: { reason: ErrorReason[reason] } };
  return new ConnectError('no', code, {}, [detail]);
}
