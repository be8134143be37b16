// What goes back to a caller, before HTTP/1.1 or HTTP/2 sends it.
import type { OutgoingHttpHeaders } from 'node:http';
import type { ConnectError } from '@connectrpc/connect';
import type { Compression } from '@connectrpc/connect/protocol';

/** What became of a call: the bytes of its message, or the error to tell. */
export type Outcome =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  | { readonly kind: 'error'; readonly error: ConnectError };

/** A whole answer. Trailers are those of HTTP/2; gRPC alone has them. */
export type Answer = {
  readonly status: number;
  /** Of this answer alone: who sends it may add to them. */
  readonly headers: OutgoingHttpHeaders;
  readonly body: Uint8Array;
  readonly trailers?: OutgoingHttpHeaders;
};

/** How a caller wants an outcome presented. */
export type Presentation = {
  readonly outcome: Outcome;
  /** Headers of every answer, and those that the handler set. The protocol's are added to them. */
  readonly headers: OutgoingHttpHeaders;
  /** What the caller takes large answers compressed with, if anything. */
  readonly compression: Compression | null;
};

/** Shorter bodies are not worth compressing; the library's own bound. */
export const compressedBytesMin = 1024;
