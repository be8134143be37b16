// Those who watch calls from their headers to their end: the log, the figures, the traces.
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import type { ContextValues } from '@connectrpc/connect';

/** Reads the headers of a request, by their names in small letters. */
export type HeaderReader = Pick<Headers, 'get'>;

/** What is known of a call when its headers are here. */
export type ArrivingCall = {
  readonly service: DescService;
  readonly method: DescMethod;
  /** `connect`, `grpc` or `grpc-web`. */
  readonly protocolName: string;
  readonly header: HeaderReader;
  readonly values: ContextValues;
};

/** Told once that a call has ended: with what it was ended by, if it did not end by itself. */
export type EndOfCall = (reason: unknown) => void;

/** Begins to watch a call. One whose end is never told was handed on, and is begun anew there. */
export type WatchCall = (call: ArrivingCall) => EndOfCall;
