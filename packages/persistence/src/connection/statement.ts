// A statement with parameters, as the driver runs it from its queue. The driver's own asks at each
// call what the columns are, and makes a slow kind of object of them: half of an answer's time.
import pg, { type Connection, type PoolClient } from 'pg';

/** A statement with a name, by which the server knows it after the first time. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What became of a statement. */
export interface StatementResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: readonly object[];
}

/** Told once of an error, or of a result. */
export type Tell = (error: Error | null, result: StatementResult) => void;

/**
 * Puts a statement into the queue of a connection. Throws what cannot be sent. A connection that
 * saw an error is of no more use: what it knows of its statements may be wrong.
 */
export function submitStatement(client: PoolClient, statement: Statement, tell: Tell): void {
  const values = statement.values.map((value) => utils.prepareValue(value));
  const { name } = statement;
  const known = knownStatements(client);
  const result = { command: '', rowCount: null as number | null, rows: [] as object[] };
  let failure: Error | undefined;
  client.query({
    // The driver puts one of its own around it, which ends the statement after a while.
    callback: tell,
    submit: (connection: Connection) => send(connection, known, { ...statement, values }),
    handleRowDescription: ({ fields }: RowDescription) => {
      known.set(name, { columns: fields.map((field) => columnOf(client, field)) });
    },
    handleDataRow: ({ fields }: DataRow) => {
      try {
        result.rows.push(rowOf(columnsOf(known, name), fields));
      } catch (error) {
        failure = error as Error;
      }
    },
    handleCommandComplete: ({ text: tag }: CommandComplete) => {
      const end = tag.indexOf(' ');
      result.command = end < 0 ? tag : tag.slice(0, end);
      result.rowCount = end < 0 ? null : Number(tag.slice(tag.lastIndexOf(' ')));
    },
    handleEmptyQuery: () => undefined,
    handleError(error: Error) {
      this.callback(error, result);
    },
    handleReadyForQuery() {
      this.callback(failure ?? null, result);
    },
  });
}

/** Sends a statement: its text once, and the question for its columns until they are told. */
function send(
  connection: Connection,
  known: Map<string, Known>,
  { name, text, values }: Statement & { readonly values: Parameter[] },
): void {
  const sent = known.get(name);
  connection.stream.cork();
  try {
    if (sent === undefined) {
      known.set(name, {});
      connection.parse({ name, text, types: [] }, false);
    }
    connection.bind({ statement: name, values }, false);
    if (sent?.columns === undefined) connection.describe({ type: 'P', name: '' }, false);
    connection.execute({}, false);
    connection.sync();
  } finally {
    connection.stream.uncork();
  }
}

/** The driver's way to make parameters of values, which its types leave out. */
const { utils } = pg as unknown as {
  readonly utils: { readonly prepareValue: (value: unknown) => Parameter };
};

type Parameter = string | Buffer | null;

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

interface RowDescription {
  readonly fields: readonly Field[];
}

interface DataRow {
  readonly fields: readonly (string | null)[];
}

interface CommandComplete {
  readonly text: string;
}

interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

interface Known {
  /** Absent until the server has told them. */
  readonly columns?: readonly Column[];
}

const knownByClient = new WeakMap<PoolClient, Map<string, Known>>();

/** What a connection was told of its statements, by their names. */
function knownStatements(client: PoolClient): Map<string, Known> {
  const existing = knownByClient.get(client);
  if (existing !== undefined) return existing;
  const known = new Map<string, Known>();
  knownByClient.set(client, known);
  return known;
}

function columnsOf(known: ReadonlyMap<string, Known>, name: string): readonly Column[] {
  const columns = known.get(name)?.columns;
  if (columns === undefined) throw new Error(`A row came before the columns of ${name}.`);
  return columns;
}

function columnOf(client: PoolClient, { name, dataTypeID }: Field): Column {
  return { name, parse: client.getTypeParser(dataTypeID, 'text') as Column['parse'] };
}

function rowOf(columns: readonly Column[], fields: DataRow['fields']): object {
  const row: Record<string, unknown> = {};
  for (const [index, { name, parse }] of columns.entries()) {
    const text = fields[index] ?? null;
    row[name] = text === null ? null : parse(text);
  }
  return row;
}
