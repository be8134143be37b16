// Looks whether the keys of open streams are still good: one question a key, however many streams.
import type { Log } from '@scrip/runtime';

export type KeyWatchOptions = {
  /** Whether the key of this id is there and not revoked. */
  readonly isKeyGood: (apiKeyId: string) => Promise<boolean>;
  /** Ends the stream of a key that is not. */
  readonly end: (stream: AbortController) => void;
  readonly log: Log;
  /** Between two questions about a key. Default 500 ms: a revoked key is heard of in a second. */
  readonly intervalMs?: number;
};

export type KeyWatch = {
  readonly add: (apiKeyId: string, stream: AbortController) => void;
  readonly remove: (apiKeyId: string, stream: AbortController) => void;
};

const intervalMsDefault = 500;

/** Makes the look-out. It asks nothing while no stream is open. */
export function createKeyWatch(options: KeyWatchOptions): KeyWatch {
  const streamsByKeyId = new Map<string, Set<AbortController>>();
  const asked = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const look = async (apiKeyId: string): Promise<void> => {
    if (asked.has(apiKeyId)) return;
    asked.add(apiKeyId);
    try {
      if (await options.isKeyGood(apiKeyId)) return;
      for (const stream of streamsByKeyId.get(apiKeyId) ?? []) options.end(stream);
    } catch (error) {
      // The key is asked for again. A stream says by itself when the database stays away.
      options.log.debug({ err: error, key_id: apiKeyId }, 'a key could not be asked for');
    } finally {
      asked.delete(apiKeyId);
    }
  };
  const lookAll = (): void => {
    for (const apiKeyId of streamsByKeyId.keys()) void look(apiKeyId);
  };
  return {
    add: (apiKeyId, stream) => {
      const streams = streamsByKeyId.get(apiKeyId) ?? new Set();
      streamsByKeyId.set(apiKeyId, streams.add(stream));
      timer ??= setInterval(lookAll, options.intervalMs ?? intervalMsDefault).unref();
    },
    remove: (apiKeyId, stream) => {
      const streams = streamsByKeyId.get(apiKeyId);
      streams?.delete(stream);
      if (streams?.size === 0) streamsByKeyId.delete(apiKeyId);
      if (streamsByKeyId.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}
