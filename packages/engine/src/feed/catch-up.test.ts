// As whom history is asked: by looks for all streams of a book, by each stream for itself.
import { createWatchedBook, recordStream } from '@scrip/testkit';
import { expect, it, vi } from 'vitest';
import type { FeedAsker, FeedFilter } from '../port/feed-source.ts';
import type { FeedStart } from './feed.ts';

const kindsOfStreams: readonly (readonly [FeedAsker, FeedFilter['scope']])[] = [
  ['book_stream', { kind: 'book' }],
  ['account_stream', { kind: 'customer', customerId: 'a' }],
];

it.each(kindsOfStreams)('asks as a %s what a stream reads for itself', async (asker, scope) => {
  const world = createWatchedBook({ timing: { pollMs: 60_000 } });
  const { here, there, book } = world;
  // What this process writes wakes nobody: only the other's commits are looked for.
  here.source.losesWakes = true;
  const id = await world.create('a');
  for (let i = 0; i < 3; i++) await world.credit(id);
  const { source } = here;
  const asked = [
    vi.spyOn(source, 'findSeal'),
    vi.spyOn(source, 'sequenceBefore'),
    vi.spyOn(source, 'readHistory'),
  ] as const;
  /** Who asked since the last time, each once. */
  const askers = () => {
    const found = new Set(
      asked.flatMap((spy) =>
        spy.mock.calls.map(([, what, by]) => (typeof what === 'object' ? what.asker : by)),
      ),
    );
    for (const spy of asked) spy.mockClear();
    return [...found];
  };
  const open = (start: FeedStart) =>
    recordStream((signal) => here.feed.watchHistory(book, { filter: { scope }, start }, signal));
  const starts: readonly FeedStart[] = [
    { kind: 'after', position: world.positionAt(2) },
    { kind: 'from_time', instant: world.journal.now },
    { kind: 'beginning' },
  ];
  for (const start of starts) {
    const stream = open(start);
    await stream.until((items) => items.some(({ kind }) => kind === 'caught_up'));
    expect(askers()).toEqual([asker]);
    await stream.stop();
  }
  const stream = open({ kind: 'now' });
  await stream.until((items) => items.some(({ kind }) => kind === 'caught_up'));
  askers();
  await world.credit(id, there);
  await stream.until((items) => items.at(-1)?.position.sequence === 5);
  expect(askers()).toEqual(['look']);
  await stream.stop();
});
