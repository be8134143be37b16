// Programs of commands in batches, through the engine on any journal.
import { createEngine, type AuditSource, type Book, type Journal } from '@scrip/engine';
import type { BookEvent, Command, Instant } from '@scrip/kernel';
import { jsonEventCodec as codec } from './json-event-codec.ts';

/** Commands that share an instant. */
export interface CommandBatch {
  readonly now: Instant;
  readonly commands: readonly Command[];
}

/**
 * Has an engine decide batches, each at its instant. Some go to an engine that remembers nothing,
 * others as calls of their own.
 */
export async function runBatches(
  { journal, book }: { readonly journal: Journal; readonly book: Book },
  batches: readonly CommandBatch[],
): Promise<void> {
  let now: Instant | undefined;
  const timed = withClock(journal, (actual) => now ?? actual);
  let engine = createEngine({ journal: timed, codec });
  for (const [index, batch] of batches.entries()) {
    ({ now } = batch);
    if (index % 2 === 0) engine = createEngine({ journal: timed, codec });
    const { commands } = batch;
    if (commands.length === 0) continue;
    if (index % 5 !== 4) await engine.submitBatch(book, { commands, mode: 'independent' });
    else await Promise.all(commands.map((command) => engine.submit(book, command)));
  }
}

/** The journal with another clock. */
function withClock(journal: Journal, clock: (actual: Instant) => Instant): Journal {
  return {
    transact: (book, work) =>
      journal.transact(book, (unit) => {
        const lockHead = async () => {
          const head = await unit.lockHead();
          return { ...head, now: clock(head.now) };
        };
        return work({ ...unit, lockHead });
      }),
  };
}

/** The events of a book, decoded. */
export async function readEvents(source: AuditSource, book: Book): Promise<readonly BookEvent[]> {
  return source.readSnapshot(book, async (snapshot) => {
    const events: BookEvent[] = [];
    for await (const { bytes } of snapshot.events()) events.push(codec.decode(bytes));
    return events;
  });
}
