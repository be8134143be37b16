// Who may open how many streams.
import { ConnectError, createContextValues } from '@connectrpc/connect';
import { ErrorDetailSchema } from '@scrip/contract';
import type { AccountId } from '@scrip/kernel';
import { describe, expect, it } from 'vitest';
import { callerKey, viewerKey } from '../../call/call-facts.ts';
import { reasonOf } from '../../errors/service-error.ts';
import type { ViewerScope } from '../../view/viewer.ts';
import { createStreamSeats, streamLimitsOf, type StreamSeats } from './stream-seats.ts';

const gibibyte = 2 ** 30;

function caller(id: string, scope?: ViewerScope, storeId = 'sto_1') {
  const values = createContextValues();
  values.set(callerKey, { id, storeId, mode: 'test', scopes: [] });
  if (scope !== undefined) values.set(viewerKey, { scope, expiresAtMs: 1 });
  return { values };
}

const customer = (customerId: string): ViewerScope => ({ kind: 'customer', customerId });
const list = (...ids: readonly string[]): ViewerScope => ({
  kind: 'accounts',
  accountIds: ids as readonly AccountId[],
});

/** What is told of a seat that cannot be taken; nothing when it can. */
function refusalOf(seats: StreamSeats, context: ReturnType<typeof caller>) {
  try {
    seats.take(context);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof ConnectError)) throw thrown;
    const [detail] = thrown.findDetails(ErrorDetailSchema);
    return { reason: reasonOf(thrown), ...detail?.metadata };
  }
}

describe('the seats of streams', () => {
  const limits = { streamCountMax: 5, keyStreamCountMax: 4, viewerStreamCountMax: 2 };

  it('are full for the process, whoever asks', () => {
    const seats = createStreamSeats(limits);
    for (let n = 1; n <= 5; n++) seats.take(caller(`key_${n}`));
    expect(refusalOf(seats, caller('key_6'))).toEqual({
      reason: 'WATCHES_FULL',
      limit: 'process',
      count_max: '5',
    });
  });

  it('are full for a key with the tokens that it minted, and not for another', () => {
    const seats = createStreamSeats(limits);
    for (const name of ['ada', 'bob']) seats.take(caller('key_1', customer(name)));
    for (let n = 1; n <= 2; n++) seats.take(caller('key_1'));
    const full = { reason: 'WATCHES_FULL', limit: 'key', count_max: '4' };
    expect(refusalOf(seats, caller('key_1', customer('cy')))).toEqual(full);
    expect(refusalOf(seats, caller('key_1'))).toEqual(full);
    expect(refusalOf(seats, caller('key_2'))).toBeUndefined();
  });

  it.each([
    { of: 'a customer', own: customer('ada'), other: customer('bob') },
    { of: 'a list of accounts', own: list('cca_1', 'cca_2'), other: list('cca_1') },
  ])('are full for tokens of $of, whichever key minted them', ({ own, other }) => {
    const seats = createStreamSeats(limits);
    seats.take(caller('key_1', own));
    const leave = seats.take(caller('key_2', own));
    const full = { reason: 'WATCHES_FULL', limit: 'viewer', count_max: '2' };
    expect(refusalOf(seats, caller('key_3', own))).toEqual(full);
    expect(refusalOf(seats, caller('key_3', other))).toBeUndefined();
    expect(refusalOf(seats, caller('key_3', own, 'sto_2'))).toBeUndefined();
    leave();
    expect(refusalOf(seats, caller('key_3', own))).toBeUndefined();
  });

  it('that are refused are not taken', () => {
    const seats = createStreamSeats(limits);
    const leave = [1, 2].map(() => seats.take(caller('key_1', customer('ada'))));
    for (let n = 0; n < 9; n++) refusalOf(seats, caller('key_1', customer('ada')));
    for (const each of leave) each();
    for (let n = 1; n <= 4; n++) expect(refusalOf(seats, caller('key_1'))).toBeUndefined();
  });
});

describe('the limits of a process', () => {
  it.each([
    { heapBytes: 4.05 * gibibyte, streamCountMax: 17_694, keyStreamCountMax: 14_155 },
    { heapBytes: 64 * gibibyte, streamCountMax: 50_000, keyStreamCountMax: 40_000 },
    { heapBytes: gibibyte / 16, streamCountMax: 1_000, keyStreamCountMax: 800 },
  ])('follow a heap of $heapBytes bytes', ({ heapBytes, ...expected }) => {
    expect(streamLimitsOf(heapBytes)).toEqual({ ...expected, viewerStreamCountMax: 20 });
  });

  it('are those that are given', () => {
    const given = { streamCountMax: 10, viewerStreamCountMax: 3 };
    expect(streamLimitsOf(gibibyte, given)).toEqual({ ...given, keyStreamCountMax: 8 });
  });
});
