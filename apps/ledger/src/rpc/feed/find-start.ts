// Where a stream begins. An API key counts in sequences, an access token in cursors: a sequence
// would tell how much happens in the book.
import type { RequestedStart } from '@scrip/codec';
import type { Book, FeedStart } from '@scrip/engine';
import { refuse, refuseField } from '@scrip/kernel';
import { RefusalError } from '../../errors/refusal-error.ts';
import type { Cursors } from './cursor.ts';

/** The start of a call with an API key. */
export function findStart(requested: RequestedStart): FeedStart {
  if (requested.kind !== 'after_cursor') return requested;
  throw new RefusalError(refuseField('after.cursor', 'is for access tokens'));
}

/** The start of a call with an access token. */
export function findViewerStart(
  cursors: Cursors,
  book: Book,
  requested: RequestedStart,
): FeedStart {
  switch (requested.kind) {
    case 'after_cursor': {
      const position = cursors.open(book, requested.cursor);
      if (position !== undefined) return { kind: 'after', position };
      const metadata = { field: 'after.cursor' };
      throw new RefusalError(refuse('CURSOR_INVALID', 'The cursor is unknown.', metadata));
    }
    case 'after': {
      const { sequence, seal } = requested.position;
      const isEmpty = sequence === 0 && seal === undefined;
      const field = isEmpty ? 'after.cursor' : 'after.sequence';
      const problem = isEmpty
        ? 'is required'
        : 'is for API keys; after.cursor is for access tokens';
      throw new RefusalError(refuseField(field, problem));
    }
    case 'from_sequence':
      throw new RefusalError(refuseField('from_sequence', 'is for API keys'));
    case 'from_time':
    case 'now':
    case 'beginning':
      return requested;
  }
}
