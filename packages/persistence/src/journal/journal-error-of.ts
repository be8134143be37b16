// From an error of the driver to an error of the journal's port.
import { JournalError } from '@scrip/engine';
import { CommitFailure } from '../connection/commit-failure.ts';
import { faultOf } from '../connection/sql-state.ts';

/** What a failed statement, connection or COMMIT means to callers of the journal. */
export function journalErrorOf(error: unknown): JournalError {
  if (error instanceof JournalError) return error;
  if (error instanceof CommitFailure) {
    return new JournalError(error.outcome, faultOf(error.cause), { cause: error });
  }
  return new JournalError('not_committed', faultOf(error), { cause: error });
}
