// When a stream that broke is opened again.
import { Code } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientDefaults } from './index.ts';
import { createScripClient } from './index.ts';
import { type Connection, scriptedFeed, type ScriptedFeed } from './scripted-feed.ts';

const cut = { messages: 0, breaks: 'cut' } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a pause', () => {
  it('doubles with each failure, up to its limit', async () => {
    const watched = watch([cut, cut, cut, cut, cut], { delayMsFirst: 100, delayMsMax: 500 });
    expect(await timesOf(watched, 2_000)).toEqual([0, 100, 300, 700, 1_200, 1_700]);
  });

  it('is spread', async () => {
    const watched = watch([cut, cut], { delayMsFirst: 100, random: () => 0.5 });
    expect(await timesOf(watched, 2_000)).toEqual([0, 50, 150]);
  });

  it('is spread as the pauses of calls are', async () => {
    const watched = watch([cut], {}, { retry: { random: () => 0.25 } });
    expect(await timesOf(watched, 2_000)).toEqual([0, 25]);
  });

  it('begins anew after a connection that lasted', async () => {
    const silence = { messages: 2, breaks: 'silence' } as const;
    const watched = watch([cut, cut, silence, cut], { delayMsFirst: 100 });
    expect(await timesOf(watched, 50_000)).toEqual([0, 100, 300, 40_400, 40_600]);
  });

  it('lasts as long as the ledger asks for', async () => {
    const watched = watch([{ messages: 0, breaks: 'WATCHES_FULL' }], {});
    expect(await timesOf(watched, 60_000)).toEqual([0, 30_000]);
  });

  it('is none when an access token ends with its time', async () => {
    const expired = { messages: 2, breaks: 'TOKEN_EXPIRED' } as const;
    const watched = watch([expired, expired, expired], {}, { accessToken: () => 'a token' });
    const times = await timesOf(watched, 9_000);
    expect(times).toHaveLength(4);
    // Less than the shortest pause, which is 100.
    expect(times.at(-1)).toBeLessThan(100);
  });

  it('is none only once for an access token that was expired from the first', async () => {
    const expired = { messages: 0, breaks: 'TOKEN_EXPIRED' } as const;
    const watched = watch([expired, expired], {}, { accessToken: () => 'a token' });
    expect(await timesOf(watched, 9_000)).toEqual([0, 0, 200]);
  });

  it.each([Code.NotFound, Code.PermissionDenied, Code.Unauthenticated, Code.Unimplemented])(
    'is a long one where another than the ledger answers with code %i',
    async (code) => {
      const others = { messages: 0, breaks: code } as const;
      const watched = watch([others, others], {}, { accessToken: () => 'a token' });
      expect(await timesOf(watched, 12_000)).toEqual([0, 5_000, 10_000]);
      expect(new Set(watched.feed.credentials).size).toBe(1);
    },
  );
});

type Watched = { readonly feed: ScriptedFeed; readonly end: () => Promise<unknown> };

function watch(
  connections: readonly Connection[],
  reconnect: NonNullable<ClientDefaults['reconnect']>,
  defaults: ClientDefaults = {},
): Watched {
  const feed = scriptedFeed([1], connections);
  const client = createScripClient({ transport: feed.transport, reconnect, ...defaults });
  const start = { case: 'beginning', value: {} } as const;
  const events = client.watchHistory({ start })[Symbol.asyncIterator]();
  const taken = (async () => {
    for (;;) if ((await events.next()).done === true) return;
  })();
  return { feed, end: () => Promise.all([events.return?.(), taken]) };
}

/** The instants at which connections were opened, in milliseconds from the first. */
async function timesOf({ feed, end }: Watched, ms: number): Promise<readonly number[]> {
  const times: number[] = [];
  const stepMs = 25;
  for (let now = 0; now <= ms; now += stepMs) {
    await vi.advanceTimersByTimeAsync(now === 0 ? 0 : stepMs);
    while (times.length < feed.requests.length) times.push(now);
  }
  await end();
  // Nothing is left that would run later.
  if (vi.getTimerCount() > 0) throw new Error('a timer is left');
  return times;
}
