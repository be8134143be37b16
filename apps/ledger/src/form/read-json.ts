// Requests in JSON, read strictly: what the contract does not know is refused and named.
import { fromJsonString, type DescMessage, type Message } from '@bufbuild/protobuf';
import { serviceError } from '../errors/service-error.ts';
import { findJsonFault, strictly } from './find-json-fault.ts';

/** Reads a message, or throws what the library throws. */
export function readJson(schema: DescMessage, text: string): Message {
  return fromJsonString(schema, text, strictly);
}

/**
 * How the library reads the requests of a method. It takes a decoder of its texts, though the types
 * of its options do not say so: there a text that is no message is refused in words of our own,
 * with the path of the field, which the library does not tell.
 */
export function jsonOptionsOf(schema: DescMessage): typeof strictly {
  const textDecoder = {
    decode: (bytes: Uint8Array): string => {
      const text = new TextDecoder().decode(bytes);
      try {
        readJson(schema, text);
      } catch {
        const { reason, ...facts } = findJsonFault(schema, text);
        throw serviceError(reason, facts);
      }
      return text;
    },
  };
  return Object.assign({ textDecoder }, strictly);
}
