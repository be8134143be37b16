// Where a book stands a moment later: one question for all who wait for the same book.
import { setTimeout } from 'node:timers/promises';
import type { Book, LedgerReader } from '@scrip/engine';
import type { Sequence } from '@scrip/kernel';

/** Tells the head of a book as it is after a short pause. */
export type NextHead = (book: Book) => Promise<Sequence>;

/** The pause: well below what a caller notices, and fifty questions a second at the most. */
const pauseMs = 20;

/** Makes the questions. However many wait, a book is asked once a pause. */
export function createNextHead(reader: Pick<LedgerReader, 'head'>): NextHead {
  const askedByBookId = new Map<number, Promise<Sequence>>();
  return (book) => {
    const asked = askedByBookId.get(book.id);
    if (asked !== undefined) return asked;
    const head = askAfterPause(reader, book).finally(() => askedByBookId.delete(book.id));
    askedByBookId.set(book.id, head);
    return head;
  };
}

async function askAfterPause(reader: Pick<LedgerReader, 'head'>, book: Book): Promise<Sequence> {
  await setTimeout(pauseMs);
  const { sequence } = await reader.head(book);
  return sequence;
}
