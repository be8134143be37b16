// Traces as the ledger sees them: spans that begin and end. Whoever keeps them is loaded only when
// the environment says where they go.
import type { Log } from '@scrip/runtime';
import type { HeaderReader } from '../call/watch-call.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span that begins now. */
export type SpanStart = {
  readonly name: string;
  readonly kind: 'server' | 'internal';
  /** Where a caller may have said which trace the span belongs to: `traceparent` of W3C. */
  readonly headers?: HeaderReader;
  readonly attributes: Attributes;
};

/** Ends a span. `isFailure` says that it is the service's own failure, and no refusal. */
export type EndSpan = (attributes: Attributes, isFailure: boolean) => void;

export type Tracing = {
  /** Begins a span. Costs some microseconds and never throws, wherever spans go. */
  readonly start: (start: SpanStart) => EndSpan;
  /** Sends what waits, for two seconds at most. */
  readonly close: () => Promise<void>;
};

export type TracingSources = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
};
