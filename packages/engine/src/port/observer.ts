// The port to whoever watches an engine, for figures: told of flushes, never of single commands.
import type { BookEvent } from '@scrip/kernel';
import type { BatchOutcome } from '../outcome.ts';

/** A flush that begins. */
export interface FlushStart {
  /** Commands in it, from all its callers. */
  readonly commandCount: number;
  /** 1 for the first try of a batch, and one more for each further one. */
  readonly attempt: number;
}

/** How one try of a flush ended. */
export type FlushEnd =
  | {
      readonly kind: 'committed';
      /**
       * By call, in the order of its commands. None where so much was due that it was booked ahead
       * of them: they are in the next flush again.
       */
      readonly outcomes: readonly (readonly BatchOutcome[])[];
      /** What was written, what was due included. Empty if an earlier try wrote it. */
      readonly events: readonly BookEvent[];
    }
  | {
      readonly kind: 'failed';
      readonly error: unknown;
      /** Whether it is unknown if the batch was committed: the next try looks. */
      readonly isInDoubt: boolean;
    };

/** Watches the flushes of an engine. What it throws is passed over: no figure is worth a write. */
export interface EngineObserver {
  /** Hears that a flush begins; its answer hears how the flush ended, before the callers do. */
  onFlush(start: FlushStart): (end: FlushEnd) => void;
}
