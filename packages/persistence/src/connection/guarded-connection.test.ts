// What a guarded connection does when COMMIT or the connection fails.
import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { describe, expect, it } from 'vitest';
import { guardConnection } from './guarded-connection.ts';

type Answer = (text: string) => string | Error | Promise<string | Error>;
type Tell = (error: Error | null, result?: object) => void;

function guard(answerTo: Answer) {
  const sent: string[] = [];
  const destroyed: unknown[] = [];
  const packets: (readonly string[])[] = [];
  const events = new EventEmitter();
  const query = ({ text }: { readonly text: string }, tell: Tell) => {
    sent.push(text);
    const settle = (answer: string | Error) =>
      answer instanceof Error ? tell(answer) : tell(null, { command: answer, rows: [] });
    const answer = answerTo(text);
    if (answer instanceof Promise) void answer.then(settle);
    else settle(answer);
  };
  const release = (destroy: unknown) => destroyed.push(destroy);
  const stream = {
    cork: () => undefined,
    uncork: () => packets.push(sent.slice(packets.flat().length)),
  };
  const client = Object.assign(events, { query, release, connection: { stream } });
  const connection = guardConnection(client as unknown as PoolClient, () => 'name');
  return { connection, sent, destroyed, packets, events };
}

/** Both are answered, one after the other, once COMMIT is on its way behind the write. */
const guardLate = (toWrite: string | Error, toCommit: string | Error) =>
  guard(async (text) => {
    await turn();
    if (text === 'write') return toWrite;
    await turn();
    return toCommit;
  });

const serverError = (code: string, severity = 'ERROR') =>
  Object.assign(new Error(code), { code, severity });

describe('a guarded connection', () => {
  it('goes back to its pool when all went well', async () => {
    const { connection, destroyed } = guard(() => 'COMMIT');
    await connection.query('commit');
    connection.release();
    expect(destroyed).toEqual([false]);
  });

  it('takes a COMMIT that was answered by ROLLBACK for not committed', async () => {
    const { connection, destroyed } = guard(() => 'ROLLBACK');
    await expect(connection.query('commit')).rejects.toMatchObject({ outcome: 'not_committed' });
    await connection.query('rollback');
    expect(destroyed).toEqual([true]);
  });

  it('does not know what became of a COMMIT whose answer was lost', async () => {
    const { connection, destroyed } = guard(() => new Error('Connection terminated'));
    await expect(connection.query('commit')).rejects.toMatchObject({ outcome: 'unknown' });
    await connection.query('rollback');
    expect(destroyed).toEqual([true]);
  });

  it('does not know what became of a COMMIT during which the server shut down', async () => {
    const { connection } = guard(() => serverError('57P01', 'FATAL'));
    await expect(connection.query('commit')).rejects.toMatchObject({ outcome: 'unknown' });
  });

  it('sends no COMMIT after an error, and is destroyed', async () => {
    const { connection, sent, destroyed } = guard(() => serverError('23505'));
    await expect(connection.query('insert')).rejects.toThrow('23505');
    await expect(connection.query('commit')).rejects.toMatchObject({ outcome: 'not_committed' });
    connection.release();
    connection.release();
    expect(sent).toEqual(['insert']);
    expect(destroyed).toEqual([true]);
  });

  it('sends no COMMIT on a connection that broke in silence', async () => {
    const { connection, sent, events } = guard(() => 'COMMIT');
    events.emit('error', serverError('25P03', 'FATAL'));
    events.emit('error', new Error('Connection terminated unexpectedly'));
    const refusal = connection.query('commit');
    await expect(refusal).rejects.toMatchObject({ outcome: 'not_committed' });
    await expect(refusal).rejects.toMatchObject({ cause: { code: '25P03' } });
    expect(sent).toEqual([]);
  });

  it('fails the first statement when nothing was begun, and frees its place', async () => {
    const { connection, destroyed } = guard((text) =>
      text === 'select 1' ? 'SELECT' : new Error('Connection terminated'),
    );
    await connection.query('start transaction');
    await expect(connection.query('select 1')).rejects.toThrow('terminated');
    await connection.query('rollback');
    expect(destroyed).toEqual([true]);
  });

  it('sends no COMMIT of a transaction that was not begun', async () => {
    const { connection, sent } = guard(() => new Error('Connection terminated'));
    await connection.query('start transaction');
    await expect(connection.query('commit')).rejects.toMatchObject({ outcome: 'not_committed' });
    expect(sent).toEqual(['start transaction']);
  });

  it('waits for no answer between BEGIN and the first statement', async () => {
    const begun = Promise.withResolvers<string>();
    const { connection, sent } = guard((text) => (text === 'select 1' ? 'SELECT' : begun.promise));
    await connection.query('start transaction');
    const answer = connection.query('select 1');
    expect(sent).toEqual(['start transaction', 'select 1']);
    begun.resolve('BEGIN');
    expect((await answer).command).toBe('SELECT');
  });

  it('waits for no answer between a write and COMMIT, and sends both in one packet', async () => {
    const written = Promise.withResolvers<string>();
    const { connection, packets } = guard((text) =>
      text === 'write' ? written.promise : 'COMMIT',
    );
    void connection.query('write');
    const committed = connection.query('commit');
    await turn();
    expect(packets).toEqual([['write', 'commit']]);
    written.resolve('INSERT');
    expect((await committed).command).toBe('COMMIT');
  });

  it('says why a COMMIT was rolled back: the write before it failed', async () => {
    const { connection, destroyed } = guardLate(serverError('23505'), 'ROLLBACK');
    connection.query('write').catch(() => undefined);
    const refusal = connection.query('commit');
    await expect(refusal).rejects.toMatchObject({ outcome: 'not_committed' });
    await expect(refusal).rejects.toMatchObject({ cause: { code: '23505' } });
    await connection.query('rollback');
    expect(destroyed).toEqual([true]);
  });

  it('knows that a failed write was not committed when COMMIT is not answered', async () => {
    const { connection } = guardLate(serverError('23505'), new Error('terminated'));
    connection.query('write').catch(() => undefined);
    await expect(connection.query('commit')).rejects.toMatchObject({ outcome: 'not_committed' });
  });

  it('does not know what became of a write that ended with the connection', async () => {
    const { connection } = guardLate(serverError('57P01', 'FATAL'), new Error('terminated'));
    connection.query('write').catch(() => undefined);
    await expect(connection.query('commit')).rejects.toMatchObject({ outcome: 'unknown' });
  });

  it('does not know what was committed when a write failed unknown to the server', async () => {
    const { connection } = guardLate(new Error('not readable'), 'COMMIT');
    connection.query('write').catch(() => undefined);
    await expect(connection.query('commit')).rejects.toMatchObject({ outcome: 'unknown' });
  });

  it('sends no COMMIT after a write that could not be sent', async () => {
    const { connection, sent } = guard((text) =>
      text === 'write' ? new Error('not serializable') : 'COMMIT',
    );
    connection.query('write').catch(() => undefined);
    await expect(connection.query('commit')).rejects.toMatchObject({ outcome: 'not_committed' });
    expect(sent).toEqual(['write']);
  });

  it('sends no COMMIT after a write that the driver throws for', async () => {
    const { connection, sent } = guard((text) => {
      if (text === 'write') throw new Error('out of memory');
      return 'COMMIT';
    });
    connection.query('write').catch(() => undefined);
    await expect(connection.query('commit')).rejects.toMatchObject({ outcome: 'not_committed' });
    expect(sent).toEqual(['write']);
  });
});
