// Wake-ups are heard on one connection while anybody listens.
import { createTestDatabase, jsonEventCodec } from '@scrip/testkit';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../database.ts';

type Heard = (number | undefined)[];

async function open() {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  onTestFinished(() => database.close());
  // The connection of an onlooker, to another database: this one will refuse connections.
  const other = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  onTestFinished(() => other.close());
  const client = new Client({ ...connection, database: 'postgres' });
  await client.connect();
  onTestFinished(() => client.end());
  const query = async (text: string) =>
    (await client.query<{ readonly n: number }>(text)).rows[0]?.n;
  const listening = `application_name = 'scrip listen' and datname = '${connection.database}'`;
  return {
    database,
    source: database.feedSource,
    other: other.feedSource,
    query,
    listenerCount: () =>
      query(`select count(*)::int4 as n from pg_stat_activity where ${listening}`),
    cut: () =>
      query(`select count(pg_terminate_backend(pid))::int4 as n from pg_stat_activity
        where ${listening}`),
    allow: (isAllowed: boolean) =>
      query(`alter database ${connection.database} allow_connections ${isAllowed}`),
    use: () => database.connectionUse().find(({ role }) => role === 'listen'),
  };
}

describe('a listener', () => {
  it('is connected while anybody listens, by one connection', async () => {
    const { source, listenerCount, use } = await open();
    expect(use()).toMatchObject({ busyCount: 0, waitingCount: 0 });
    const stops = [1, 2, 3].map(() => source.listen(() => undefined));
    expect(use()).toMatchObject({ busyCount: 0, waitingCount: 1 });
    await expect.poll(use).toMatchObject({ busyCount: 1, waitingCount: 0 });
    expect(await listenerCount()).toBe(1);
    stops.slice(1).forEach((stop) => stop());
    expect(use()).toMatchObject({ busyCount: 1 });
    stops.forEach((stop) => stop());
    expect(use()).toMatchObject({ busyCount: 0, waitingCount: 0 });
    await expect.poll(listenerCount).toBe(0);
  });

  it('is told that it may have missed something, then of each book that is written', async () => {
    const { source, other } = await open();
    const heard: Heard = [];
    source.listen((bookId) => heard.push(bookId));
    await expect.poll(() => heard).toEqual([undefined]);
    await other.wakeOthers([7, 9]);
    await expect.poll(() => heard).toEqual([undefined, 7, 9]);
  });

  it('is not told of what its own process writes, but for the first time perhaps', async () => {
    const { source, other } = await open();
    const heard: Heard = [];
    await source.wakeOthers([1]);
    source.listen((bookId) => heard.push(bookId));
    await expect.poll(() => heard).toEqual([undefined]);
    for (let bookId = 10; bookId < 20; bookId++) {
      await source.wakeOthers([bookId]);
      await other.wakeOthers([bookId + 10]);
    }
    await expect.poll(() => heard.at(-1)).toBe(29);
    expect(heard.slice(1)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });

  it('is told that it may have missed something when a connection was broken', async () => {
    const { source, other, cut } = await open();
    const heard: Heard = [];
    source.listen((bookId) => heard.push(bookId));
    await expect.poll(() => heard).toEqual([undefined]);
    expect(await cut()).toBe(1);
    await expect.poll(() => heard).toEqual([undefined, undefined]);
    await other.wakeOthers([7]);
    await expect.poll(() => heard).toEqual([undefined, undefined, 7]);
  });

  it('keeps trying while the database lets nobody in', async () => {
    const { source, cut, allow, use } = await open();
    const heard: Heard = [];
    source.listen((bookId) => heard.push(bookId));
    await expect.poll(() => heard).toEqual([undefined]);
    await allow(false);
    await cut();
    await expect.poll(use).toMatchObject({ busyCount: 0, waitingCount: 1 });
    await expect(source.wakeOthers([7])).rejects.toMatchObject({ outcome: 'not_committed' });
    await allow(true);
    await expect.poll(() => heard).toEqual([undefined, undefined]);
  });

  it('hears nothing after its end, and a new one does', async () => {
    const { source, other } = await open();
    const [first, second]: [Heard, Heard] = [[], []];
    const stop = source.listen((bookId) => first.push(bookId));
    stop();
    stop();
    source.listen((bookId) => second.push(bookId));
    await expect.poll(() => second).toEqual([undefined]);
    await other.wakeOthers([7]);
    await expect.poll(() => second).toEqual([undefined, 7]);
    expect(first).toEqual([]);
  });

  it('ends with the database', async () => {
    const { database, source, listenerCount, use } = await open();
    source.listen(() => undefined);
    await expect.poll(use).toMatchObject({ busyCount: 1 });
    await database.close();
    await expect.poll(listenerCount).toBe(0);
    source.listen(() => undefined);
    expect(use()).toMatchObject({ busyCount: 0, waitingCount: 0 });
  });
});
