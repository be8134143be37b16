// Chooses the next batch: postings of all kinds, some of them refused, repeated or seen before.
import type { Batch, BatchItem, Write } from '../history/call.ts';
import { choosePosting } from './choose-write.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** An atomic batch is short, so that many have no refused item. */
const atomicCountMax = 4;
const independentCountMax = 16;
const longShare = 0.02;
const longCount = 120;
/** Items that repeat one before them in the same batch. */
const repeatedShare = 0.04;

/** The next batch of a client. Its items are known to all from now on, as single calls are. */
export function chooseBatch(world: World, random: Random): Batch {
  const isAtomic = random.chance(0.5);
  const most = isAtomic ? atomicCountMax : independentCountMax;
  const count = random.chance(longShare) ? longCount : 1 + random.below(most);
  const items: BatchItem[] = [];
  while (items.length < count) {
    const again = random.chance(repeatedShare) ? random.pick(items) : undefined;
    if (again !== undefined) items.push(again);
    else items.push(takeIn(world, choosePosting(world, random)));
  }
  const mode = isAtomic ? 'BATCH_MODE_ATOMIC' : 'BATCH_MODE_INDEPENDENT';
  return { method: 'PostBatch', request: { items, mode } };
}

/** Others may repeat the item, alone or in a batch of theirs, before it is answered. */
function takeIn(world: World, write: Write): BatchItem {
  world.writes.push(write);
  switch (write.method) {
    case 'Credit':
      return { credit: write.request };
    case 'Debit':
      return { debit: write.request };
    case 'PostTransaction':
      return { post: write.request };
    case 'ReverseTransaction':
      return { reverse: write.request };
    case 'CreateAccount':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
    case 'UpdateAccount':
      throw new Error(`${write.method} is no posting`);
  }
}
