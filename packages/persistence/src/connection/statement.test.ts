// What is sent for a statement, and what is made of its answers.
import type { Connection, PoolClient } from 'pg';
import { describe, expect, it } from 'vitest';
import { submitStatement, type StatementResult } from './statement.ts';

/** The driver's side of a statement. */
interface Submitted {
  readonly submit: (connection: Connection) => void;
  readonly handleRowDescription: (message: object) => void;
  readonly handleDataRow: (message: object) => void;
  readonly handleCommandComplete: (message: object) => void;
  readonly handleError: (error: Error) => void;
  readonly handleReadyForQuery: () => void;
}

const int4 = 23;

function open() {
  const sent: string[] = [];
  const submitted: Submitted[] = [];
  const note = (what: string) => () => void sent.push(what);
  const stream = { cork: note('('), uncork: note(')') };
  const messages = ['parse', 'bind', 'describe', 'execute', 'sync'];
  const connection = Object.assign(
    { stream },
    Object.fromEntries(messages.map((message) => [message, note(message)])),
  );
  const client = {
    getTypeParser: () => (text: string) => {
      if (text === 'bad') throw new Error('not readable');
      return Number(text);
    },
    query: (each: Submitted) => {
      submitted.push(each);
      each.submit(connection as unknown as Connection);
    },
  };
  const run = (values: readonly unknown[] = [1]) => {
    const told: (readonly [Error | null, StatementResult])[] = [];
    const statement = { name: 's', text: 'select $1', values };
    submitStatement(client as unknown as PoolClient, statement, (...what) => told.push(what));
    return { told, driver: submitted.at(-1) as Submitted, sent: sent.splice(0).join(' ') };
  };
  return { run, submitted };
}

const describeColumns = (driver: Submitted): void =>
  driver.handleRowDescription({ fields: [{ name: 'a', dataTypeID: int4 }, { name: 'b' }] });

function answer(driver: Submitted, ...rows: readonly (readonly (string | null)[])[]): void {
  for (const fields of rows) driver.handleDataRow({ fields });
  driver.handleCommandComplete({ text: `SELECT ${rows.length}` });
  driver.handleReadyForQuery();
}

describe('a statement', () => {
  it('is sent with its text, and asks for its columns, once a connection', () => {
    const { run } = open();
    const first = run();
    expect(first.sent).toBe('( parse bind describe execute sync )');
    describeColumns(first.driver);
    answer(first.driver, ['1', '2']);
    const second = run();
    expect(second.sent).toBe('( bind execute sync )');
    answer(second.driver, ['3', null], ['4', '5']);
    expect(first.told).toEqual([
      [null, { command: 'SELECT', rowCount: 1, rows: [{ a: 1, b: 2 }] }],
    ]);
    expect(second.told[0]?.[1].rows).toEqual([
      { a: 3, b: null },
      { a: 4, b: 5 },
    ]);
    expect(open().run().sent).toContain('parse');
  });

  it('asks again for columns that it has not been told yet', () => {
    const { run } = open();
    run();
    expect(run().sent).toBe('( bind describe execute sync )');
  });

  it('fails when a row cannot be read', () => {
    const { run } = open();
    const { driver, told } = run();
    describeColumns(driver);
    answer(driver, ['bad', null], ['1', null]);
    expect(told).toMatchObject([[{ message: 'not readable' }, {}]]);
  });

  it('fails with the error of the server', () => {
    const { run } = open();
    const { driver, told } = run();
    driver.handleError(new Error('refused'));
    expect(told).toMatchObject([[{ message: 'refused' }, {}]]);
  });

  it('throws for what cannot be a parameter, and sends nothing', () => {
    const { run, submitted } = open();
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    expect(() => run([circular])).toThrow(TypeError);
    expect(submitted).toEqual([]);
  });

  it.each([
    ['COMMIT', 'COMMIT', null],
    ['INSERT 0 3', 'INSERT', 3],
    ['UPDATE 12', 'UPDATE', 12],
  ])('tells what was done: %s', (text, command, rowCount) => {
    const { run } = open();
    const { driver, told } = run();
    driver.handleCommandComplete({ text });
    driver.handleReadyForQuery();
    expect(told).toEqual([[null, { command, rowCount, rows: [] }]]);
  });
});
