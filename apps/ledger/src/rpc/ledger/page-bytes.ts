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
  let bytes = 0;
  const end = travelled.findIndex((item, index) => {
    bytes += toBinary(desc, item).length;
    return index > 0 && bytes > pageBytesMax;
  });
  if (end === -1) return page;
  const kept = travelled.slice(0, end);
  return { items: isBackwards ? kept.toReversed() : kept, hasMore: true };
}
