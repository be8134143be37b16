// Fields of a message, written without the message. As in proto3, what has no value is left out.
import type { DescField } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import type { Instant } from '@scrip/kernel';
import { secondsAndNanos } from './instant.ts';

// One for all: a new one takes longer to make room than to write what most events are.
const shared = new BinaryWriter();

/** The bytes of what is written. It must not come to this function again before it is done. */
export function encoded(write: (writer: BinaryWriter) => void): Uint8Array {
  try {
    write(shared);
  } catch (error) {
    // Nothing of it may come before what is written next.
    shared.finish();
    throw error;
  }
  return shared.finish();
}

/** Writes a text, unless it is empty. */
export function writeText(writer: BinaryWriter, { number }: DescField, text: string): void {
  if (text !== '') writer.tag(number, WireType.LengthDelimited).string(text);
}

/** Writes a whole number that is not negative, or an enum, unless it is 0. */
export function writeNumber(writer: BinaryWriter, { number }: DescField, value: number): void {
  if (value === 0) return;
  writer.tag(number, WireType.Varint);
  // Both write the same; the first one needs no big integer.
  if (value <= uint32Max) writer.uint32(value);
  else writer.uint64(value);
}

const uint32Max = 0xffff_ffff;

/** Writes a message that is encoded already. */
export function writeBytes(writer: BinaryWriter, { number }: DescField, bytes: Uint8Array): void {
  writer.tag(number, WireType.LengthDelimited).bytes(bytes);
}

/** Writes an instant as a Timestamp. */
export function writeInstant(writer: BinaryWriter, field: DescField, instant: Instant): void {
  const { seconds, nanos } = secondsAndNanos(instant);
  beginPart(writer, field);
  writeNumber(writer, TimestampSchema.field.seconds, seconds);
  writeNumber(writer, TimestampSchema.field.nanos, nanos);
  writer.join();
}

/** Begins a message, whose fields come next. It ends with `join`. */
export function beginPart(writer: BinaryWriter, { number }: DescField): void {
  writer.tag(number, WireType.LengthDelimited).fork();
}
