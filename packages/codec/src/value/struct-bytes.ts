// A Struct's bytes with the map entries in one order. The library writes a map in the order of the
// object, where keys that look like numbers always come first: no order that others could follow.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { JsonValue, Metadata } from '@scrip/kernel';

/** The fields of google.protobuf.Struct and its parts. */
const structFields = 1;
const mapKey = 1;
const mapValue = 2;
const listValues = 1;
const valueKinds = {
  null: 1,
  number: 2,
  string: 3,
  boolean: 4,
  struct: 5,
  list: 6,
} as const;

/**
 * The bytes of a Struct, map entries sorted by key at every depth. Keys are compared by UTF-16 code
 * units, as in RFC 8785 and as the kernel sorts metadata.
 */
export function structBytes(metadata: Metadata): Uint8Array {
  const writer = new BinaryWriter();
  writeStruct(writer, metadata);
  return writer.finish();
}

function writeStruct(writer: BinaryWriter, struct: Metadata): void {
  for (const key of Object.keys(struct).toSorted(compareCodeUnits)) {
    writer.tag(structFields, WireType.LengthDelimited).fork();
    writer.tag(mapKey, WireType.LengthDelimited).string(key);
    writer.tag(mapValue, WireType.LengthDelimited).fork();
    writeValue(writer, struct[key] ?? null);
    writer.join().join();
  }
}

function writeValue(writer: BinaryWriter, value: JsonValue): void {
  switch (typeof value) {
    case 'number':
      writer.tag(valueKinds.number, WireType.Bit64).double(value);
      break;
    case 'string':
      writer.tag(valueKinds.string, WireType.LengthDelimited).string(value);
      break;
    case 'boolean':
      writer.tag(valueKinds.boolean, WireType.Varint).bool(value);
      break;
    default:
      writeNested(writer, value);
  }
}

function writeNested(writer: BinaryWriter, value: readonly JsonValue[] | Metadata | null): void {
  if (value === null) {
    writer.tag(valueKinds.null, WireType.Varint).int32(0);
    return;
  }
  const isList = isJsonList(value);
  writer.tag(isList ? valueKinds.list : valueKinds.struct, WireType.LengthDelimited).fork();
  if (isList) writeList(writer, value);
  else writeStruct(writer, value);
  writer.join();
}

function writeList(writer: BinaryWriter, values: readonly JsonValue[]): void {
  for (const value of values) {
    writer.tag(listValues, WireType.LengthDelimited).fork();
    writeValue(writer, value);
    writer.join();
  }
}

function isJsonList(value: readonly JsonValue[] | Metadata): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
