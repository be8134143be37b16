// Pages that end before their size is reached, where their items are large.
import { toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';

/** Half of what clients accept of a message, unless they were told otherwise. */
const pageBytesMax = 2 * 1024 * 1024;

export type MessagePage<T> = { readonly items: readonly T[]; readonly hasMore: boolean };

/**
 * Ends a page at the item that would bring it beyond 2 MiB, in its direction of travel: what is
 * left out is found on the next page. One item at least is kept, whatever its size.
 */
export function endEarly<Desc extends DescMessage>(
  desc: Desc,
  page: MessagePage<MessageShape<Desc>>,
  isBackwards: boolean,
): MessagePage<MessageShape<Desc>> {
  const travelled = isBackwards ? page.items.toReversed() : page.items;
  const kept = firstWithin(desc, travelled, pageBytesMax);
  if (kept.length === travelled.length) return page;
  return { items: isBackwards ? kept.toReversed() : kept, hasMore: true };
}

/** The first of some messages, up to so many bytes; one at least, whatever its size. */
export function firstWithin<Desc extends DescMessage>(
  desc: Desc,
  items: readonly MessageShape<Desc>[],
  bytesMax: number,
): readonly MessageShape<Desc>[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += toBinary(desc, item).length;
    return index > 0 && bytes > bytesMax;
  });
  return end === -1 ? items : items.slice(0, end);
}
