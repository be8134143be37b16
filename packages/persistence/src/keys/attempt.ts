// How administration reaches the database.
import { journalErrorOf } from '../journal/journal-error-of.ts';

/** Runs a piece of administration; what the database refuses is thrown as a `JournalError`. */
export async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw journalErrorOf(error);
  }
}
