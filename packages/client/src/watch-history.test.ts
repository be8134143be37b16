// A stream of events over connections that break: what the listener is given, and when it ends.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientDefaults, HistoryRequest, ScripClient, WatchHistoryOptions } from './index.ts';
import { createScripClient, ScripError } from './index.ts';
import { type Connection, positionOf, scriptedFeed, type ScriptedFeed } from './scripted-feed.ts';

const beginning: HistoryRequest = { start: { case: 'beginning', value: {} } };
const passing = ['cut', 'end', 'reset', 'silence', 'UNAVAILABLE', 'DEADLINE_EXCEEDED'] as const;

describe('a stream of events', () => {
  it('gives each event with its own sequence and the seal of its group', async () => {
    const { sequences, positions } = await take(scriptedFeed([3, 1]), 4);
    expect(sequences).toEqual([1, 2, 3, 4]);
    expect(positions.slice(0, 3)).toMatchObject([1, 2, 3].map((at) => positionOf(at, 3)));
    expect(positions[3]).toMatchObject(positionOf(4));
  });

  it('gives each event once, in order, wherever connections break', async () => {
    const connection = fc.record<Connection>({
      messages: fc.nat(9),
      breaks: fc.constantFrom(...passing, 'TOKEN_EXPIRED' as const),
    });
    const history = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(history, fc.array(connection, { maxLength: 12 }), async (groups, broken) => {
        const feed = scriptedFeed(groups, broken);
        const head = groups.reduce((sum, count) => sum + count);
        const { sequences } = await take(feed, head, {
          defaults: { accessToken: () => 'a token' },
        });
        expect(sequences).toEqual(Array.from({ length: head }, (_, index) => index + 1));
        await expect.poll(feed.openCount).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('goes on behind the event that a listener has kept', async () => {
    const { positions } = await take(scriptedFeed([3, 1]), 2);
    const kept = positions.at(-1);
    if (kept === undefined) throw new Error('nothing was kept');
    const request = { start: { case: 'after', value: kept } } as const;
    const later = await take(scriptedFeed([3, 1]), 2, { request });
    expect(later.sequences).toEqual([3, 4]);
  });

  it('asks anew as at first when the connection broke before it began', async () => {
    const feed = scriptedFeed([1], [{ messages: 0, breaks: 'cut' }]);
    await take(feed, 1);
    expect(feed.requests.map(({ start }) => start.case)).toEqual(['beginning', 'beginning']);
  });

  it('is pinned by `started`, so that a start at `now` loses nothing', async () => {
    const groups = [2];
    const feed = scriptedFeed(groups, [{ messages: 1, breaks: 'cut' }]);
    const onState = (state: string) => {
      if (state === 'waiting') groups.push(1);
    };
    const { sequences } = await take(feed, 1, { request: {}, onState });
    expect(sequences).toEqual([3]);
    expect(feed.requests[1]?.start).toMatchObject({ case: 'after', value: { sequence: 2n } });
  });

  it('waits on for a sequence beyond the head, by its number', async () => {
    const groups = [2];
    const feed = scriptedFeed(groups, [{ messages: 1, breaks: 'cut' }]);
    const onState = (state: string) => {
      if (state === 'waiting') groups.push(3);
    };
    const start = { case: 'fromSequence', value: 4n } as const;
    const { sequences } = await take(feed, 2, { request: { start }, onState });
    expect(sequences).toEqual([4, 5]);
    expect(feed.requests[1]?.start).toEqual(start);
  });

  it('gives nothing before the instant that it starts at, after a break either', async () => {
    const feed = scriptedFeed([1, 1, 1], [{ messages: 1, breaks: 'cut' }]);
    const start = { case: 'fromTime', value: { seconds: 2n } } as const;
    const { sequences } = await take(feed, 2, { request: { start } });
    expect(sequences).toEqual([2, 3]);
    expect(feed.requests[1]?.start.case).toBe('fromSequence');
  });

  it('keeps the filter of the request at each connection', async () => {
    const feed = scriptedFeed([1], [{ messages: 1, breaks: 'cut' }]);
    await take(feed, 1, { request: { ...beginning, customerId: 'ada', kinds: [6] } });
    expect(feed.requests[1]).toMatchObject({ customerId: 'ada', kinds: [6] });
  });

  it('tells of positions without an event', async () => {
    const marks: bigint[] = [];
    const onBookmark: WatchHistoryOptions['onBookmark'] = ({ sequence }) => marks.push(sequence);
    await take(scriptedFeed([1, 1]), 2, { onBookmark });
    expect(marks).toEqual([0n, 1n]);
  });
});

describe('the state of a stream', () => {
  it('is told at each change, with what broke it', async () => {
    const states: unknown[] = [];
    const abort = new AbortController();
    const onState: WatchHistoryOptions['onState'] = (state, cause) => {
      states.push(cause === undefined ? state : [state, cause.message]);
      if (state === 'live') abort.abort();
    };
    const feed = scriptedFeed([1], [{ messages: 2, breaks: 'cut' }]);
    await take(feed, 9, { onState, signal: abort.signal });
    const cut = ['waiting', 'the connection was cut'];
    expect(states).toEqual(['connecting', 'catching_up', cut, 'connecting', 'catching_up', 'live']);
  });
});

describe('a refusal', () => {
  it.each([
    'HISTORY_DIVERGED',
    'KEY_UNKNOWN',
    'TOKEN_EXPIRED',
    'SCOPE_MISSING',
    'FIELD_INVALID',
    'CURSOR_INVALID',
    'ACCOUNT_NOT_FOUND',
  ] as const)('%s is thrown and not asked again', async (reason) => {
    const feed = scriptedFeed([1], [{ messages: 2, breaks: reason }]);
    const thrown = await failureOf(take(feed, 9));
    expect(thrown).toMatchObject({ name: 'ScripError', reason });
    expect(feed.requests).toHaveLength(1);
  });

  it('is thrown for a request that cannot be written, at once', async () => {
    const feed = scriptedFeed([1]);
    const start = { case: 'fromSequence', value: 'ten' } as never;
    const thrown = await failureOf(take(feed, 1, { request: { start } }));
    expect(thrown.code).toBe('invalid_argument');
    expect(feed.requests).toHaveLength(0);
  });
});

describe('the end of a stream', () => {
  it('comes quietly and closes the connection when the listener breaks off', async () => {
    const feed = scriptedFeed([2]);
    await take(feed, 1);
    await expect.poll(feed.openCount).toBe(0);
    expect(feed.requests).toHaveLength(1);
  });

  it('comes at once to a listener who waits for the next event', async () => {
    const feed = scriptedFeed([1]);
    const events = clientOf(feed).watchHistory(beginning)[Symbol.asyncIterator]();
    await events.next();
    const waiting = events.next();
    await events.return?.();
    expect(await waiting).toMatchObject({ done: true });
    await expect.poll(feed.openCount).toBe(0);
  });

  it.each(['before it begins', 'while it is open', 'while it waits'])(
    'comes at once by the signal %s',
    async (when) => {
      const feed = scriptedFeed([1], [{ messages: 2, breaks: 'UNAVAILABLE' }]);
      const abort = new AbortController();
      if (when === 'before it begins') abort.abort();
      const onState: WatchHistoryOptions['onState'] = (state) => {
        if (state === (when === 'while it waits' ? 'waiting' : 'catching_up')) abort.abort();
      };
      const reconnect = { delayMsFirst: 60_000, delayMsMax: 60_000 };
      const options = { signal: abort.signal, onState, reconnect };
      await take(feed, 9, options);
      await expect.poll(feed.openCount).toBe(0);
    },
  );
});

type Taking = WatchHistoryOptions & {
  readonly defaults?: ClientDefaults;
  readonly request?: HistoryRequest;
};

/** Takes so many events, or all until the stream ends. */
async function take(
  feed: ScriptedFeed,
  count: number,
  { defaults = {}, request = beginning, ...options }: Taking = {},
) {
  const sequences: number[] = [];
  const positions: HistoryItemPosition[] = [];
  for await (const { event, position } of clientOf(feed, defaults).watchHistory(request, options)) {
    sequences.push(Number(event.sequence));
    positions.push(position);
    if (sequences.length >= count) break;
  }
  return { sequences, positions };
}

type HistoryItemPosition = Parameters<NonNullable<WatchHistoryOptions['onBookmark']>>[0];

function clientOf({ transport }: ScriptedFeed, defaults: ClientDefaults = {}): ScripClient {
  const quick = { delayMsFirst: 0 };
  const client = createScripClient({ transport, reconnect: quick, ...defaults });
  return {
    ...client,
    watchHistory: (request, options) =>
      client.watchHistory(request, { silenceMsMax: 25, ...options }),
  };
}

async function failureOf(act: Promise<unknown>): Promise<ScripError> {
  const thrown: unknown = await act.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof ScripError)) throw new Error('no ScripError was thrown');
  return thrown;
}
