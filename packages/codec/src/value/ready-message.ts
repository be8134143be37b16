// Messages that hold nothing but bytes: the library writes what it does not know as it is.
import {
  create,
  type DescField,
  type DescMessage,
  type Message,
  type MessageShape,
} from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';

/**
 * A message whose encoding is `bytes`, which begin with a field that has its own length and a
 * number below 16. It is for the binary format alone: its fields are not set.
 */
export function readyMessage<Schema extends DescMessage>(
  schema: Schema,
  { number: no }: DescField,
  bytes: Uint8Array,
): MessageShape<Schema> {
  const message = create(schema);
  // All of it is one field to the library, which writes the number that it begins with by itself.
  const field: ReadyField = {
    no,
    wireType: WireType.LengthDelimited,
    data: bytes.subarray(1),
    whole: bytes,
  };
  message.$unknown = [field];
  return message;
}

/** The encoding of a message that holds nothing but bytes. Of others nothing is told. */
export function readyBytesOf({ $unknown }: Message): Uint8Array | undefined {
  return ($unknown?.[0] as Partial<ReadyField> | undefined)?.whole;
}

type ReadyField = NonNullable<Message['$unknown']>[number] & { readonly whole: Uint8Array };
