// Pages of stores and keys.
import { serviceError } from '../../errors/service-error.ts';

/** The page that was found. What was not found has an unknown cursor. */
export function pageOrRefusal<Page>(found: Page | undefined): Page {
  if (found !== undefined) return found;
  const message = 'starting_after is unknown, or of another list.';
  throw serviceError('CURSOR_INVALID', { message, metadata: { field: 'starting_after' } });
}
