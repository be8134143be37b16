// Fills the column `event.account_id` of events that were written before it was there.
import type { EventCodec } from '@scrip/engine';
import { createIds } from '@scrip/kernel';
import { sql } from 'kysely';
import type { Run } from '../connection/run.ts';
import { changedAccountOf } from '../mapping/event-row.ts';

interface BookRow {
  readonly id: number;
  readonly id_key: Uint8Array;
}

interface ChangeRow {
  readonly sequence: string;
  readonly body: Uint8Array;
}

const pageSize = 1_000;

/** Reads the changes of accounts of every book, page by page, and writes whose they are. */
export async function fillChangedAccounts(run: Run, codec: EventCodec): Promise<void> {
  for (const book of await run(sql<BookRow>`select id, id_key from book order by id`)) {
    const ids = createIds(new Uint8Array(book.id_key));
    let after = '0';
    for (;;) {
      const rows = await run(sql<ChangeRow>`
        select sequence, body from event
        where book_id = ${book.id}::int4 and sequence > ${after}::int8 and kind between 2 and 5
        order by sequence limit ${pageSize}::int8`);
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.sequence;
      const accountIds = rows.map(({ body }) => changedAccountOf(codec.decode(body), ids));
      await run(sql`
        update event e set account_id = c.account_id
        from unnest(${rows.map(({ sequence }) => sequence)}::int8[], ${accountIds}::int8[])
          as c (sequence, account_id)
        where e.book_id = ${book.id}::int4 and e.sequence = c.sequence`);
    }
  }
}
