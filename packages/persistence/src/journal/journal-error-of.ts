// From an error of the driver to an error of the journal's port.
import { JournalError } from '@scrip/engine';
import { CommitFailure } from '../connection/commit-failure.ts';
import { changedTooLittle, faultOf, sqlStateOf } from '../connection/sql-state.ts';

/** What a failed statement, connection or COMMIT means to callers of the journal. */
export function journalErrorOf(error: unknown): JournalError {
  if (error instanceof JournalError) return error;
  const isOfCommit = error instanceof CommitFailure;
  const outcome = isOfCommit ? error.outcome : 'not_committed';
  const said = isOfCommit ? error.cause : error;
  return new JournalError(outcome, faultOf(said), { cause: causeOf(error, said) });
}

/** The log shows what the server said, and that alone would tell of a slip in arithmetic. */
function causeOf(error: unknown, said: unknown): unknown {
  if (sqlStateOf(said) !== changedTooLittle) return error;
  const message = 'The write found another head of the book, or fewer rows than it was to change.';
  return new Error(message, { cause: error });
}
