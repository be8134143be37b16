// Digests of texts that callers choose, as the 16 bytes that an index can hold cheaply.
import { hash } from 'node:crypto';

/** Half of a text's SHA-256 in hexadecimal, as a value of a uuid column. It finds; texts decide. */
export function digestOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** Reads a digest back from the form in which PostgreSQL writes a uuid. */
export function fromUuid(uuid: string): string {
  return uuid.replaceAll('-', '');
}
