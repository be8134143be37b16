// The states of a stream as the page tells them: calm, and never better than they are.
import type { OnWatchState } from '@scrip/client';
import type { StreamStatus } from '../state/connection.ts';

/**
 * Makes a listener for one stream. While a stream is lost, each try is a part of reconnecting; and
 * a token that is replaced in time is no news.
 */
export function createStatusListener(
  now: () => number,
  onStatus: (status: StreamStatus) => void,
): OnWatchState {
  let isLost = false;
  let hasBegun = false;
  return (state, cause, waitMs = 0) => {
    switch (state) {
      case 'connecting':
        if (isLost) onStatus({ kind: 'reconnecting', atMs: now() });
        else if (!hasBegun) onStatus({ kind: 'connecting' });
        return;
      case 'catching_up':
        hasBegun = true;
        return onStatus({ kind: 'catching_up' });
      case 'live':
        isLost = false;
        return onStatus({ kind: 'live' });
      case 'waiting':
        if (cause?.reason === 'TOKEN_EXPIRED' && waitMs === 0) return;
        isLost = true;
        return onStatus({ kind: 'reconnecting', atMs: now() + waitMs });
    }
  };
}
