// Balances over connections that break: only what is new, and never an older one.
import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { LedgerService, type WatchBalancesResponseSchema } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { createScripClient } from './index.ts';
import { refusal } from './scripted-feed.ts';

type Message = MessageInitShape<typeof WatchBalancesResponseSchema>;

describe('a stream of balances', () => {
  it('gives the balances of one moment, their end, and then each change', async () => {
    const items = await take([[bal('a', '5', 3), bal('b', '7', 3), end(3), bal('a', '6', 4)]]);
    expect(items).toEqual(['a=5', 'b=7', 'end 3', 'a=6']);
  });

  it('passes on after a break only what is new', async () => {
    const items = await take([
      [bal('a', '5', 3), bal('b', '7', 3), end(3), bal('a', '6', 4)],
      [bal('a', '6', 5, 4), bal('b', '8', 5), end(5)],
    ]);
    expect(items).toEqual(['a=5', 'b=7', 'end 3', 'a=6', 'b=8', 'end 5']);
  });

  it('goes by the order of arrival where an access token hides the sequences', async () => {
    const items = await take([
      [bal('a', '5', 0, 1), end(0), bal('a', '6', 0, 2)],
      [bal('a', '4', 0, 3), end(0)],
    ]);
    expect(items).toEqual(['a=5', 'end 0', 'a=6', 'a=4', 'end 0']);
  });

  it('ends with HISTORY_DIVERGED where a book was taken back while nobody listened', async () => {
    const whole = [bal('a', '5', 9), end(9)];
    const older = take([whole, [bal('a', '3', 7), end(7)]]);
    await expect(older).rejects.toMatchObject({ reason: 'HISTORY_DIVERGED' });
    const shorter = take([whole, [bal('b', '3', 7), end(7)]]);
    await expect(shorter).rejects.toMatchObject({ reason: 'HISTORY_DIVERGED' });
  });

  it('is live once the snapshot has ended, and a change does not undo that', async () => {
    const states: string[] = [];
    await take([[bal('a', '5', 3), end(3), bal('a', '6', 4)]], states);
    expect(states.slice(0, 4)).toEqual(['connecting', 'catching_up', 'live', 'waiting']);
  });
});

/** Takes what these connections bring; the one after them is refused. */
async function take(connections: readonly (readonly Message[])[], states: string[] = []) {
  let opened = 0;
  const transport = createRouterTransport(({ service }) =>
    service(LedgerService, {
      async *watchBalances() {
        const messages = connections[(opened += 1) - 1];
        if (messages === undefined) throw refusal('ACCOUNT_NOT_FOUND', Code.NotFound);
        yield* messages;
        throw new ConnectError('cut', Code.Unavailable);
      },
    }),
  );
  const client = createScripClient({ transport, reconnect: { delayMsFirst: 0 } });
  const onState = (state: string): void => void states.push(state);
  const items: string[] = [];
  try {
    for await (const item of client.watchBalances({ customerId: 'ada' }, { onState })) {
      if (item.kind === 'snapshot_end') items.push(`end ${item.position.sequence}`);
      else items.push(`${item.balance.accountId}=${item.balance.balance}`);
    }
  } catch (error) {
    if (opened > connections.length) return items;
    throw error;
  }
  return items;
}

type Times = readonly [sequence: number, updated?: number];

function bal(
  accountId: string,
  balance: string,
  ...[sequence, updated = sequence]: Times
): Message {
  const updatedAt = { seconds: BigInt(updated) };
  const value = { accountId, balance, sequence: BigInt(sequence), updatedAt };
  return { message: { case: 'balance', value } };
}

function end(sequence: number): Message {
  const position = { sequence: BigInt(sequence), ...(sequence === 0 ? { cursor: 'c' } : {}) };
  return { message: { case: 'snapshotEnd', value: { position } } };
}
