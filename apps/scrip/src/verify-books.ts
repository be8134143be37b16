// The verification of books as the command line tells it: a line for each, and how far it is.

import { eventCodec } from '@scrip/codec';
import { type Book, type Difference, verifyBook } from '@scrip/engine';
import type { Database } from '@scrip/persistence';
import { OperatorError } from '@scrip/runtime';

export type BookChoice = {
  readonly store?: string;
  readonly mode?: 'test' | 'prod';
};

/** Verifies the chosen books one after another. Says whether all of them are intact. */
export async function verifyBooks(database: Database, choice: BookChoice): Promise<boolean> {
  let areIntact = true;
  for (const book of await chooseBooks(database, choice)) {
    const verification = await verifyBook(book, {
      source: database.auditSource,
      codec: eventCodec,
      onProgress: createProgress(book),
    });
    if (verification.kind === 'intact') {
      const { sequence, accountCount } = verification;
      console.log(`${nameOf(book)}: intact, ${sequence} events, ${accountCount} accounts`);
    } else {
      areIntact = false;
      console.log(`${nameOf(book)}: DIFFERENT, ${describe(verification.difference)}`);
    }
  }
  return areIntact;
}

async function chooseBooks(
  { stores }: Pick<Database, 'stores'>,
  { store, mode }: BookChoice,
): Promise<readonly Book[]> {
  const storeIds = (await stores.list()).map(({ storeId }) => storeId);
  if (store !== undefined && !storeIds.includes(store)) {
    throw new OperatorError(`--store: there is no store ${store}`, 2);
  }
  const chosen = storeIds.filter((storeId) => store === undefined || storeId === store);
  const modes = mode === undefined ? (['test', 'prod'] as const) : [mode];
  const books = await Promise.all(
    chosen.flatMap((storeId) => modes.map((each) => stores.findBook(storeId, each))),
  );
  return books.filter((book) => book !== undefined);
}

/** A line on standard error for every so many events, so that a long run shows that it lives. */
function createProgress(book: Book): (sequence: number) => void {
  const eventsPerLine = 100_000;
  let next = eventsPerLine;
  return (sequence) => {
    if (sequence < next) return;
    console.error(`${nameOf(book)}: ${sequence} events replayed`);
    next = sequence + eventsPerLine;
  };
}

function nameOf({ storeId, mode }: Book): string {
  return `${storeId} ${mode}`;
}

function describe({ place, message, range, sequence, accountId }: Difference): string {
  const facts = [
    `in ${place}`,
    range === undefined ? undefined : `events ${range.first} to ${range.last}`,
    sequence === undefined ? undefined : `at event ${sequence}`,
    accountId,
  ];
  return `${facts.filter((fact) => fact !== undefined).join(', ')}: ${message}`;
}
