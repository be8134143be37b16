// A session: two streams and the pages of history, told to the page as changes of its state.
import type { StreamName, StreamStatus } from '../state/connection.ts';
import type { SessionChange } from '../state/state.ts';
import { describeFailure, isReplacement } from './failure-text.ts';
import { createGate, type Gate } from './gate.ts';
import type { Pages } from './pages.ts';
import { createRound, type Round } from './round.ts';
import type { SessionOptions } from './session-options.ts';

export type Session = Pick<Pages, 'select' | 'readPage'> & {
  /** Lets go of both streams, until `resume`; nothing is missed meanwhile. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends both streams and whatever is on its way. */
  readonly end: () => void;
};

const replaced =
  'The ledger was restored to an earlier state. What you see was read anew, as it is now.';

/** Begins a session. It goes on by itself until it is ended, or the ledger ends it for good. */
export function beginSession(outer: SessionOptions): Session {
  const whole = new AbortController();
  const tell = (change: SessionChange): void => {
    if (!whole.signal.aborted) outer.tell(change);
  };
  const options = { ...outer, tell };
  const gate = createGate();
  const now = { round: createRound(options) };
  void run(options, { now, gate, signal: whole.signal });
  return {
    select: (accountId) => now.round.select(accountId),
    readPage: (...place) => now.round.readPage(...place),
    pause: gate.shut,
    resume: gate.open,
    end: () => {
      whole.abort();
      now.round.end();
    },
  };
}

type Tools = {
  /** The round that the session is in. */
  readonly now: { round: Round };
  readonly gate: Gate;
  readonly signal: AbortSignal;
};

/** Watches until the session ends, beginning anew whenever the book was replaced. */
async function run(options: SessionOptions, { now, gate, signal }: Tools): Promise<void> {
  while (!signal.aborted) {
    await gate.opened();
    const attempt = new AbortController();
    try {
      await now.round.watch(AbortSignal.any([signal, attempt.signal, gate.shutting()]));
      showPause(options);
    } catch (thrown) {
      if (!isReplacement(thrown)) return endWith(thrown, options);
      // What is on its way is of the history that is gone.
      now.round.end();
      options.tell({ kind: 'history_replaced', message: replaced });
      now.round = createRound(options, now.round.selectedId());
    } finally {
      attempt.abort();
    }
  }
}

function showPause({ tell, now }: SessionOptions): void {
  const status: StreamStatus = { kind: 'paused' };
  const streams: readonly StreamName[] = ['history', 'balances'];
  for (const stream of streams) tell({ kind: 'stream_moved', stream, status, nowMs: now() });
}

function endWith(thrown: unknown, { tell, now }: SessionOptions): void {
  tell({ kind: 'ended', message: describeFailure(thrown), atMs: now() });
}
