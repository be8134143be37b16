// Looks whether the keys of open streams are still good: one question a key, however many streams.
import type { Log } from '@scrip/runtime';

export type KeyWatchOptions = {
  /** Whether the key of this id is there and not revoked. */
  readonly isKeyGood: (apiKeyId: string) => Promise<boolean>;
  readonly log: Log;
};

/** What to do when a key is good no more: it ends one stream. */
export type OnRevoked = () => void;

export type KeyWatch = {
  readonly add: (apiKeyId: string, onRevoked: OnRevoked) => void;
  readonly remove: (apiKeyId: string, onRevoked: OnRevoked) => void;
};

/** Between two questions about a key: a revoked one is heard of in a second. */
const intervalMs = 500;

/** Makes the look-out. It asks nothing while no stream is open. */
export function createKeyWatch(options: KeyWatchOptions): KeyWatch {
  const endsByKeyId = new Map<string, Set<OnRevoked>>();
  const asked = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const look = async (apiKeyId: string): Promise<void> => {
    if (asked.has(apiKeyId)) return;
    asked.add(apiKeyId);
    try {
      if (await options.isKeyGood(apiKeyId)) return;
      for (const end of endsByKeyId.get(apiKeyId) ?? []) end();
    } catch (error) {
      // The key is asked for again. A stream says by itself when the database stays away.
      options.log.debug({ err: error, key_id: apiKeyId }, 'a key could not be asked for');
    } finally {
      asked.delete(apiKeyId);
    }
  };
  const lookAll = (): void => {
    for (const apiKeyId of endsByKeyId.keys()) void look(apiKeyId);
  };
  return {
    add: (apiKeyId, end) => {
      const ends = endsByKeyId.get(apiKeyId) ?? new Set();
      endsByKeyId.set(apiKeyId, ends.add(end));
      timer ??= setInterval(lookAll, intervalMs).unref();
    },
    remove: (apiKeyId, end) => {
      const ends = endsByKeyId.get(apiKeyId);
      ends?.delete(end);
      if (ends?.size === 0) endsByKeyId.delete(apiKeyId);
      if (endsByKeyId.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}
