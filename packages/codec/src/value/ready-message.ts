// Messages that hold nothing but bytes: the library writes what it does not know as it is.
import { create, type DescField, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
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
  message.$unknown = [{ no, wireType: WireType.LengthDelimited, data: bytes.subarray(1) }];
  return message;
}
