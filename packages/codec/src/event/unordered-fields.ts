// What tests ask of the bytes of events: their fields are known, and ascend.
import type { DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** The messages, by name, whose fields are unknown to the contract or do not ascend. */
export function unorderedIn(desc: DescMessage, bytes: Uint8Array): readonly string[] {
  const reader = new BinaryReader(bytes);
  const found: string[] = [];
  let last = 0;
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const field = desc.fields.find((each) => each.number === number);
    if (field === undefined || number < last) found.push(`${desc.typeName} ${number}`);
    last = number;
    if (wireType !== WireType.LengthDelimited) reader.skip(wireType, number);
    else {
      const inner = reader.bytes();
      // Struct keeps its keys in a map, which has an order of its own.
      const isOurs = field?.message?.typeName.startsWith('scrip.') === true;
      if (isOurs && field.message) found.push(...unorderedIn(field.message, inner));
    }
  }
  return found;
}
