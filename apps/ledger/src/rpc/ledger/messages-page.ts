// What lists answer: a page of messages, and what is said of it.
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { toProtoSequence } from '@scrip/codec';
import type { CountedPage } from '@scrip/engine';
import { present, type Sequence } from '@scrip/kernel';
import { endEarly } from './page-bytes.ts';

/** A page of messages, of at most 2 MiB, and what is said of it. */
export type MessagesPage<T> = {
  readonly items: T[];
  readonly facts: {
    readonly hasMore: boolean;
    readonly totalSize?: bigint;
    readonly sequence: bigint;
  };
};

/** A page as of a sequence; backwards if it was asked for with `ending_before`. */
type ToldPage<T> = {
  readonly value: CountedPage<T>;
  readonly sequence: Sequence;
  readonly isBackwards?: boolean;
};

/** Makes the messages of a page. */
export function toMessagesPage<T, Desc extends DescMessage>(
  { value: page, sequence, isBackwards = false }: ToldPage<T>,
  desc: Desc,
  toProto: (item: T) => MessageShape<Desc>,
): MessagesPage<MessageShape<Desc>> {
  const whole = { items: page.items.map(toProto), hasMore: page.hasMore };
  const { items, hasMore } = endEarly(desc, whole, isBackwards);
  const totalSize = page.totalSize === undefined ? undefined : BigInt(page.totalSize);
  const facts = {
    hasMore,
    ...present('totalSize', totalSize),
    sequence: toProtoSequence(sequence),
  };
  return { items: [...items], facts };
}
