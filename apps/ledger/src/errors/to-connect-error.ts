// Whatever was thrown, as the error that the caller may see.
import { Code, ConnectError } from '@connectrpc/connect';
import { EngineError, FeedError, JournalError } from '@scrip/engine';
import { refuseField } from '@scrip/kernel';
import { completeConnectError, isUnreadable } from './complete-connect-error.ts';
import { RefusalError, refusalFacts } from './refusal-error.ts';
import { serviceError } from './service-error.ts';

/** How long to wait when the database is away: long enough for a restart to make progress. */
const unavailableRetryMs = 1000;
/** How long to wait after a collision: the engine has waited between its own tries already. */
const abortedRetryMs = 100;

/** An error to send, and whether it hides something that the log has to tell. */
export type Described = { readonly error: ConnectError; readonly isBug: boolean };

/**
 * Describes anything thrown below the interceptors. Refusals and failures of the engine have their
 * reasons; what is not known is a bug, of which the caller is shown nothing.
 */
export function toConnectError(thrown: unknown): Described {
  if (thrown instanceof ConnectError && (thrown.code !== Code.Internal || isUnreadable(thrown))) {
    return { error: completeConnectError(thrown), isBug: false };
  }
  if (thrown instanceof RefusalError) return { error: ofRefusal(thrown), isBug: false };
  if (thrown instanceof EngineError) return ofEngine(thrown);
  if (thrown instanceof JournalError) return ofJournal(thrown);
  if (thrown instanceof FeedError) return ofFeed(thrown);
  return { error: ofBug(), isBug: true };
}

function ofRefusal({ refusal, sequence }: RefusalError): ConnectError {
  return serviceError(refusal.reason, refusalFacts(refusal, sequence));
}

function ofEngine(thrown: EngineError): Described {
  const { retryAfterMs } = thrown;
  switch (thrown.kind) {
    case 'queue_full': {
      const message = 'Too many commands wait for this book.';
      return { error: serviceError('QUEUE_FULL', { message, retryAfterMs }), isBug: false };
    }
    case 'aborted':
      return { error: ofCollision(retryAfterMs), isBug: false };
    case 'unavailable':
      return { error: ofAbsence(retryAfterMs), isBug: false };
    case 'failed':
      return { error: ofBug(), isBug: true };
  }
}

// Of a read or of administration: those of commands come as errors of the engine. A statement that
// took too long is no write of which to tell that it was given up.
function ofJournal({ fault }: JournalError): Described {
  switch (fault) {
    case 'unavailable':
    case 'collision':
      return { error: ofAbsence(), isBug: false };
    case 'content':
      return { error: ofBug(), isBug: true };
  }
}

function ofFeed(thrown: FeedError): Described {
  const { headSequence, refusal, retryAfterMs } = thrown;
  switch (thrown.kind) {
    case 'history_diverged': {
      const message = 'The book has another history now. Begin anew.';
      const metadata = headSequence === undefined ? {} : { head_sequence: String(headSequence) };
      return { error: serviceError('HISTORY_DIVERGED', { message, metadata }), isBug: false };
    }
    case 'watches_full': {
      const message = 'Too many streams are open on this process.';
      const metadata = { limit: 'process' };
      return {
        error: serviceError('WATCHES_FULL', { message, metadata, retryAfterMs }),
        isBug: false,
      };
    }
    case 'accounts_too_many': {
      const tooMany = refuseField('customer_id', 'names a customer with too many accounts');
      return { error: ofRefusal(new RefusalError(tooMany)), isBug: false };
    }
    case 'unavailable':
      return { error: ofAbsence(retryAfterMs), isBug: false };
    case 'failed':
      // The feed tells of it once, however many streams end with it.
      return { error: ofBug(), isBug: false };
    case 'refused':
      if (refusal === undefined) return { error: ofBug(), isBug: true };
      return { error: ofRefusal(new RefusalError(refusal)), isBug: false };
  }
}

function ofCollision(retryAfterMs = abortedRetryMs): ConnectError {
  const message = 'The database failed the call several times; nothing was written.';
  return serviceError('WRITE_ABORTED', { message, retryAfterMs });
}

function ofAbsence(retryAfterMs = unavailableRetryMs): ConnectError {
  const message = 'The service cannot take the call now.';
  return serviceError('UNAVAILABLE', { message, retryAfterMs });
}

function ofBug(): ConnectError {
  const message = 'The service failed. Its log tells more under the request id.';
  return serviceError('INTERNAL', { message });
}
