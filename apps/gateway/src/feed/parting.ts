// The end of a stream whose reader does not read: it would never take what its stream ends with.
import type { ServerResponse } from 'node:http';
import type { ScripClient } from '@scrip/client';
import { EventKind } from '@scrip/contract';
import type { Credential } from './credential.ts';

/** How long a reader may take to read what a stream ends with. Then it is hung up on. */
const partingMs = 500;
/** A reader who has not taken a message for so long is looked after from outside its stream. */
const stallMs = 1_000;

/** Hangs up on a reader who does not take the end of the answer in time. May be called again. */
export function createHangUp(response: ServerResponse): () => void {
  let timer: NodeJS.Timeout | undefined;
  response.once('close', () => clearTimeout(timer));
  return () => {
    if (!response.closed) timer ??= setTimeout(() => response.destroy(), partingMs);
  };
}

/** Told what a reader does; looks out for the end of the stream while it does nothing. */
export type LookOut = {
  /** A message has been made, and waits for its reader. */
  readonly waits: () => void;
  /** The message has been taken, or there will be no more of them. */
  readonly taken: () => void;
};

export type LookOutOptions = {
  readonly ledger: Pick<ScripClient, 'streamHistory'>;
  /** What the stream was opened with. */
  readonly headers: Credential & Readonly<Record<string, string>>;
  /** Called when the reader reads nothing, and its stream has to end. */
  readonly onEnd: () => void;
};

/**
 * Makes a look-out. The ledger tells of an end behind all that it has told before, which a reader
 * who does not read never reaches. So another stream that has next to nothing to tell is opened
 * with the same credential meanwhile: what ends the one ends the other.
 */
export function createLookOut({ ledger, headers, onEnd }: LookOutOptions): LookOut {
  let timer: NodeJS.Timeout | undefined;
  let looking: AbortController | undefined;
  const look = async (): Promise<void> => {
    const { signal } = (looking = new AbortController());
    const request = { kinds: [EventKind.ACCOUNT_CLOSED] };
    try {
      for await (const _ of ledger.streamHistory(request, { headers, signal }));
    } catch {
      // Whatever it was: who cannot be looked after comes back, and is told why.
    }
    if (!signal.aborted) onEnd();
  };
  return {
    waits: () => {
      timer = setTimeout(() => void look(), stallMs);
    },
    taken: () => {
      clearTimeout(timer);
      looking?.abort();
      looking = undefined;
    },
  };
}
