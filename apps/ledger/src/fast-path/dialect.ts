// What a protocol of the fast path is.
import type { Answer, Presentation } from './answer.ts';

/** How one protocol asks, in one encoding of messages. */
export type Dialect = {
  readonly protocolName: 'connect' | 'grpc' | 'grpc-web';
  readonly isBinary: boolean;
  /** Request headers: the time a call may take, and how bodies are compressed. */
  readonly timeoutHeader: string;
  readonly encodingHeader: string;
  readonly acceptHeader: string;
  /** Reads the time that a call may take; nothing where it is malformed or too long. */
  readonly parseTimeoutMs: (value: string, msMax: number) => number | undefined;
  /** The message of a body; nothing where the body is not exactly one plain message. */
  readonly messageOf: (body: Buffer) => Uint8Array | undefined;
};

/** How a call is answered at once. */
export type UnaryDialect = Dialect & {
  readonly present: (presentation: Presentation) => Answer | Promise<Answer>;
};
