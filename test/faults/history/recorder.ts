// Appends operations to a history file, with bounded memory.
import { closeSync, createReadStream, openSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fromLine, toLine, type HistoryHead, type Operation } from './operation.ts';

export type Recorder = {
  readonly append: (operation: Operation) => void;
  readonly count: () => number;
  /** Writes what waits and closes the file. */
  readonly close: () => void;
};

/** What waits in memory before it is written: some thousand operations. */
const pendingLengthMax = 1 << 20;

/** Starts a history file. */
export function createRecorder(path: string, head: HistoryHead): Recorder {
  const file = openSync(path, 'w');
  let pending = [`${JSON.stringify(head)}\n`];
  let pendingLength = 0;
  let count = 0;
  const write = (): void => {
    writeFileSync(file, pending.join(''));
    pending = [];
    pendingLength = 0;
  };
  return {
    append: (operation) => {
      const line = `${toLine(operation)}\n`;
      pending.push(line);
      pendingLength += line.length;
      count += 1;
      if (pendingLength > pendingLengthMax) write();
    },
    count: () => count,
    close: () => {
      write();
      closeSync(file);
    },
  };
}

/** A history as the checker takes it, from a file or made by hand. */
export type History = {
  readonly head: HistoryHead;
  readonly operations: Iterable<Operation> | AsyncIterable<Operation>;
};

/** Opens a history file; its operations are read once, line by line. */
export async function openHistory(path: string): Promise<History> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  const iterator = lines[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head = JSON.parse(String(first.value)) as HistoryHead;
  const operations = (async function* read(): AsyncGenerator<Operation> {
    for await (const line of { [Symbol.asyncIterator]: () => iterator }) yield fromLine(line);
  })();
  return { head, operations };
}
