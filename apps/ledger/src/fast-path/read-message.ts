// Messages as bytes and back, for the methods of both kinds.
import {
  fromBinary,
  toBinary,
  toJsonString,
  type DescMessage,
  type Message,
} from '@bufbuild/protobuf';
import { readyBytesOf } from '@scrip/codec';
import { readJson } from '../form/read-json.ts';

/** Reads a message; nothing where the bytes are none. */
export type ReadMessage = (bytes: Uint8Array, isBinary: boolean) => Message | undefined;

/** Makes the reader of a method's requests. */
export function createReadMessage(schema: DescMessage): ReadMessage {
  return (bytes, isBinary) => {
    try {
      if (isBinary) return fromBinary(schema, bytes);
      return readJson(schema, Buffer.from(bytes).toString());
    } catch {
      // The router knows what to say of it.
      return undefined;
    }
  };
}

/** The bytes of an answer. */
export function writeMessage(schema: DescMessage, message: Message, isBinary: boolean): Uint8Array {
  if (!isBinary) return Buffer.from(toJsonString(schema, message));
  return readyBytesOf(message) ?? toBinary(schema, message);
}
