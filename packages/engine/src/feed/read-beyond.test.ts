// A look has an end, whatever others write meanwhile.
import { createWatchedBook, recordStream, sequencesOf } from '@scrip/testkit';
import { expect, it } from 'vitest';

it('lets streams begin while another process writes faster than pages follow', async () => {
  const world = createWatchedBook({
    timing: { pollMs: 60_000 },
    bounds: { pageEventCountMax: 3 },
  });
  const { here, there, book } = world;
  const id = await world.create('a');
  const filter = { scope: { kind: 'book' } } as const;
  const open = () =>
    recordStream((signal) =>
      here.feed.watchHistory(book, { filter, start: { kind: 'now' } }, signal),
    );
  const first = open();
  await first.until((items) => items.some(({ kind }) => kind === 'caught_up'));
  let pageCount = 0;
  here.source.delay = async (call) => {
    // Two pages are written for each that is read.
    if (call !== 'readHistory' || ++pageCount > 400) return;
    await Promise.all([1, 2, 3].map(() => world.credit(id, there)));
  };
  await world.credit(id, there);
  await first.until((items) => (items.at(-1)?.position.sequence ?? 0) > 5);
  const second = open();
  await second.until(([item]) => item?.kind === 'started');
  expect(pageCount).toBeLessThan(400);
  here.source.delay = () => Promise.resolve();
  const last = world.history().length;
  for (const stream of [first, second]) {
    await stream.until((items) => (items.at(-1)?.position.sequence ?? 0) >= last);
    const given = sequencesOf(stream.items);
    const from = (stream.items[0]?.position.sequence ?? 0) + 1;
    expect(given).toEqual(given.map((_, i) => from + i));
    expect(given.at(-1)).toBeGreaterThanOrEqual(last);
    await stream.stop();
  }
});
