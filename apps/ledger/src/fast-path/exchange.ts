// A request and the way of its answer, of HTTP/1.1 or of HTTP/2.
import type { Readable } from 'node:stream';
import type { Handed } from '../server/request-handler.ts';
import type { Answer } from './answer.ts';

export type Exchange = {
  /** The body. */
  readonly source: Readable;
  /** Calls back when the caller goes, at once if it has gone; after the answer as well. */
  readonly onGone: (leave: () => void) => void;
  readonly send: (answer: Answer) => void;
  /** Has the router answer, as if nothing had been looked at but what is handed on. */
  readonly handOver: (handed: Handed) => void;
};
