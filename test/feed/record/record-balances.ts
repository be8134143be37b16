// Notes what a stream of balances tells, in the form that the judge reads.
import type { WatchBalancesResponse } from '@scrip/contract';
import type { ToldBalance } from './watch.ts';

/** The message in the form of the record. */
export function toldBalanceOf({ message }: WatchBalancesResponse): ToldBalance {
  const atMs = performance.now();
  switch (message.case) {
    case 'balance':
      return { kind: 'balance', atMs, balance: message.value };
    case 'snapshotEnd':
    case 'heartbeat': {
      const { position } = message.value;
      if (position === undefined) throw new Error('The stream told a message without a position.');
      const kind = message.case === 'heartbeat' ? 'heartbeat' : 'snapshot_end';
      return { kind, atMs, position };
    }
    case undefined:
      throw new Error('The stream told a message of no kind.');
  }
}
