// A request and the way of its answer, of HTTP/1.1 or of HTTP/2.
import type { OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Handed } from '../server/request-handler.ts';
import type { Answer } from './answer.ts';
import type { Body } from './read-body.ts';
import type { StreamEnd } from './stream-dialect.ts';

export type Exchange = {
  /** The body. */
  readonly source: Readable;
  /** Reads up to so many bytes of the body. What is beyond them stays unread. */
  readonly readBody: (bytesMax: number) => Promise<Body>;
  /** Whether the caller has gone, or broken the call off. */
  readonly isGone: () => boolean;
  /** Calls back when the caller goes, at once if it has gone; after the answer as well. */
  readonly onGone: (leave: () => void) => void;
  readonly send: (answer: Answer) => void;
  /** Begins an answer that is sent piece by piece. */
  readonly begin: (headers: OutgoingHttpHeaders, hasTrailers: boolean) => PartialAnswer;
  /** Breaks the call off whose caller does not take its answer. */
  readonly hangUp: () => void;
  /** Has the router answer, as if nothing had been looked at but what is handed on. */
  readonly handOver: (handed: Handed) => void;
};

/** An answer under way. What is written to a caller who has gone is nothing. */
export type PartialAnswer = {
  /** Gives a promise, of when there is room for more, where the caller reads too slowly. */
  readonly write: (bytes: Uint8Array) => Promise<void> | undefined;
  readonly end: (end: StreamEnd) => void;
};
