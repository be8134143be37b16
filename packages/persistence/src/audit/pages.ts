// Tables read whole, a page at a time, by the order of a key.
import type { RawBuilder } from 'kysely';
import type { Run } from '../connection/run.ts';

/** Rows of a page: few enough for memory, many enough to keep statements rare. */
export const pageSize = 2_000;

/** All rows, page after page. `next` makes the statement of the page after a row, if any. */
export async function* readPages<T>(
  run: Run,
  next: (last: T | undefined) => RawBuilder<T>,
): AsyncIterable<T> {
  let last: T | undefined;
  for (;;) {
    const rows = await run(next(last));
    yield* rows;
    last = rows.at(-1);
    if (rows.length < pageSize) return;
  }
}
