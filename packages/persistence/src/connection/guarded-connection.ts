// A pooled connection that trusts nothing: it checks what COMMIT said, and is destroyed once it
// has seen an error. The query builder's driver does neither. Statements do not wait for the
// answers to those before them: what is asked for in one turn travels together.
import type { Duplex } from 'node:stream';
import type { PoolClient } from 'pg';
import { CommitFailure } from './commit-failure.ts';
import { isSurelyAborted, sqlStateOf } from './sql-state.ts';
import { submitStatement, type StatementResult } from './statement.ts';

/** A connection as the query builder's driver uses it. */
export interface GuardedConnection {
  query(text: string, values?: readonly unknown[]): Promise<StatementResult>;
  release(): void;
}

const nothing = { rowCount: 0, rows: [] };

/** Names for statements with parameters: the server parses each text once a connection. */
export type StatementNames = (text: string) => string;

/** Guards a connection just taken from its pool, until it is released. */
export function guardConnection(client: PoolClient, names: StatementNames): GuardedConnection {
  let failure: Error | undefined;
  let isReleased = false;
  const fail = (error: Error): Error => {
    // A server that ends a connection says why before the connection breaks: the first one counts.
    failure = failure === undefined || sqlStateOf(failure) === undefined ? error : failure;
    return failure;
  };
  const onError = (error: Error): void => void fail(error);
  client.on('error', onError);
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    client.off('error', onError);
    client.release(failure !== undefined);
  };
  const send = createSend(client, { names, fail });
  const { begin, run, hasBegun } = withoutPause(send);
  const commit = async (): Promise<StatementResult> => {
    await hasBegun();
    if (failure !== undefined) throw new CommitFailure('not_committed', failure);
    // Statements before it may not be answered yet: one that fails makes it a ROLLBACK.
    const result = await send('commit').catch((error: unknown) => {
      throw new CommitFailure(isSurelyAborted(error) ? 'not_committed' : 'unknown', error);
    });
    if (result.command !== 'COMMIT') {
      throw new CommitFailure('not_committed', fail(new Error(`COMMIT said ${result.command}.`)));
    }
    // One of them failed and the server did not: nobody knows what it was asked.
    if (failure !== undefined) throw new CommitFailure('unknown', failure);
    return result;
  };
  return {
    query: async (text, values) => {
      if (text === 'rollback' && failure !== undefined) {
        // Ending the connection rolls back as well, whatever state it is in.
        release();
        return { ...nothing, command: 'ROLLBACK' };
      }
      if (text === 'commit') return commit();
      if (isBegin(text)) return begin(text);
      try {
        return await run(text, values);
      } catch (error) {
        if (text === 'rollback') release();
        throw error;
      }
    },
    release,
  };
}

type Send = (text: string, values?: readonly unknown[]) => Promise<StatementResult>;

/** Sends statements. What fails is told to `fail` first, even before a next one can be sent. */
function createSend(
  client: PoolClient,
  on: { readonly names: StatementNames; readonly fail: (error: Error) => Error },
): Send {
  const gather = createGather(client.connection.stream);
  return (text, values = []) =>
    new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(on.fail(error));
      const tell = (error: Error | null, result: StatementResult): void => {
        if (error === null) resolve(result);
        else failed(error);
      };
      gather();
      try {
        if (values.length === 0) client.query({ text }, tell);
        else submitStatement(client, { name: on.names(text), text, values }, tell);
      } catch (error) {
        // What throws instead of answering must not be followed by a COMMIT either.
        failed(error as Error);
      }
    });
}

/** What is written in one turn goes in one packet: sending it costs more than what is in it. */
function createGather(stream: Duplex): () => void {
  let isGathering = false;
  return () => {
    if (isGathering) return;
    isGathering = true;
    stream.cork();
    process.nextTick(() => {
      isGathering = false;
      stream.uncork();
    });
  };
}

/** Sends the beginning of a transaction on its way in front of the statement that follows. */
function withoutPause(send: Send) {
  let beginning: Promise<StatementResult> | undefined;
  return {
    begin: (text: string): StatementResult => {
      beginning = send(text);
      // Whoever asks for the next statement hears of it.
      beginning.catch(() => undefined);
      return { ...nothing, command: 'BEGIN' };
    },
    run: async (text: string, values?: readonly unknown[]): Promise<StatementResult> => {
      const begun = beginning;
      beginning = undefined;
      const [result] = await Promise.all([send(text, values), begun]);
      return result;
    },
    /** Whether that failed is told by the connection. */
    hasBegun: async (): Promise<void> => void (await beginning?.catch(() => undefined)),
  };
}

function isBegin(text: string): boolean {
  return text === 'begin' || text.startsWith('start transaction');
}
