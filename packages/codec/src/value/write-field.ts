// Fields of a message, written without the message. As in proto3, what has no value is left out.
import type { DescField } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import type { Instant } from '@scrip/kernel';
import { ByteWriter } from './byte-writer.ts';
import { secondsAndNanos } from './instant.ts';

/** The bytes of what is written. It must not come to this function again before it is done. */
export type Encode = (write: (writer: ByteWriter) => void) => Uint8Array;

/** Makes a way to encode messages of one kind: those of others may be kept for longer. */
export function createEncode(): Encode {
  const writer = new ByteWriter();
  return (write) => {
    try {
      write(writer);
      return writer.finish();
    } catch (error) {
      // Nothing of it may come before what is written next.
      writer.drop();
      throw error;
    }
  };
}

/** Writes a text, unless it is empty. */
export function writeText(writer: ByteWriter, { number }: DescField, text: string): void {
  if (text !== '') writer.tag(number, WireType.LengthDelimited).string(text);
}

/** Writes a whole number that is not negative, or an enum, unless it is 0. */
export function writeNumber(writer: ByteWriter, { number }: DescField, value: number): void {
  if (value !== 0) writer.tag(number, WireType.Varint).varint(value);
}

/** Writes a message that is encoded already. */
export function writeBytes(writer: ByteWriter, { number }: DescField, bytes: Uint8Array): void {
  writer.tag(number, WireType.LengthDelimited).bytes(bytes);
}

/** Writes an instant as a Timestamp. */
export function writeInstant(writer: ByteWriter, field: DescField, instant: Instant): void {
  const { seconds, nanos } = secondsAndNanos(instant);
  beginPart(writer, field);
  writeNumber(writer, TimestampSchema.field.seconds, seconds);
  writeNumber(writer, TimestampSchema.field.nanos, nanos);
  writer.join();
}

/** Begins a message, whose fields come next. It ends with `join`. */
export function beginPart(writer: ByteWriter, { number }: DescField): void {
  writer.tag(number, WireType.LengthDelimited).fork();
}
