// The calls that are being handled, and what ends one early: its deadline, its caller who goes,
// the server that cuts calls off.
import { deadlineExceeded, reasonToEnd } from '../errors/reason-to-end.ts';

/** A call that is being handled. */
export type OpenCall = {
  /** Whether it has ended early, and with which error: what its signal says, without one. */
  readonly aborted: boolean;
  readonly reason: unknown;
  /** Aborted when the call ends early, with the error to tell. Made when it is asked for. */
  readonly signal: AbortSignal;
  /** What comes of the work, or the error that the call ends early with, if that is first. */
  readonly orEnd: <T>(work: () => Promise<T>) => Promise<T>;
  /** Called when a stream has begun: without a deadline of its caller's it goes on from now on. */
  readonly goOn: () => void;
  /** Called when the handler has answered: nothing ends the call early any more. */
  readonly close: () => void;
};

/** Who waits for the answer. */
export type Caller = {
  /**
   * Calls back when the caller goes, with why if that is known, at once if it has gone; after the
   * answer as well.
   */
  readonly onGone: (leave: (reason?: unknown) => void) => void;
};

export type OpenCalls = {
  /** `leftMs` is what its caller's deadline leaves it; nothing where none was named. */
  readonly open: (caller: Caller, leftMs: number | undefined) => OpenCall;
  /** What calls are cut off with; nothing before they are. */
  readonly cutOffReason: () => unknown;
};

/** Opens calls, each with a deadline. All are ended when `cutOff` is aborted. */
export function createOpenCalls(cutOff: AbortSignal, deadlineMsDefault: number): OpenCalls {
  const chain: Chain = { newest: undefined };
  // One listener for all: a signal passes each of its listeners whenever one is taken away.
  cutOff.addEventListener('abort', () => {
    for (const call of callsOf(chain)) call.leave(cutOff.reason);
  });
  return {
    open: (caller, leftMs) => {
      const call = new Opened(chain, { leftMs, deadlineMsDefault });
      if (cutOff.aborted) call.end(reasonToEnd(cutOff.reason));
      else if (leftMs !== undefined && leftMs <= 0) call.end(deadlineExceeded());
      // Node ends the body of a stream that was reset: a part of a message does not get far.
      caller.onGone((reason) => call.leave(reason));
      return call;
    },
    cutOffReason: () => cutOff.reason as unknown,
  };
}

/**
 * The open calls, each of which knows its neighbours. A set would make itself anew as they come and
 * go; once one of those it was before is old, all after it keep calls in memory that have ended.
 */
interface Chain {
  newest: Opened | undefined;
}

function callsOf({ newest }: Chain): readonly Opened[] {
  const calls: Opened[] = [];
  for (let call = newest; call !== undefined; call = call.older) calls.push(call);
  return calls;
}

// Most calls end by themselves: the signal is for those who ask for it.
class Opened implements OpenCall {
  older: Opened | undefined;
  #newer: Opened | undefined;
  #isOpen = true;
  readonly #chain: Chain;
  readonly #isBounded: boolean;
  readonly #timer: NodeJS.Timeout;
  #endedWith: Error | undefined;
  #ending: AbortController | undefined;
  #leave: ((reason: Error) => void) | undefined;

  constructor(
    chain: Chain,
    {
      leftMs,
      deadlineMsDefault,
    }: { readonly leftMs?: number | undefined; readonly deadlineMsDefault: number },
  ) {
    this.#chain = chain;
    this.older = chain.newest;
    if (this.older !== undefined) this.older.#newer = this;
    chain.newest = this;
    this.#isBounded = leftMs !== undefined;
    this.#timer = setTimeout(expire, leftMs ?? deadlineMsDefault, this);
  }

  get aborted(): boolean {
    return this.#endedWith !== undefined;
  }

  get reason(): unknown {
    return this.#endedWith;
  }

  get signal(): AbortSignal {
    if (this.#ending === undefined) {
      this.#ending = new AbortController();
      if (this.#endedWith !== undefined) this.#ending.abort(this.#endedWith);
    }
    return this.#ending.signal;
  }

  orEnd<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#endedWith !== undefined) throw this.#endedWith;
      this.#leave = reject;
      work().then(resolve, reject);
    });
  }

  /** Ends it early unless it was answered: callers of those that were go as well. */
  leave(reason: unknown): void {
    if (this.#isOpen) this.end(reasonToEnd(reason));
  }

  /** Ends it early, unless it has ended. */
  end(reason: Error): void {
    if (this.#endedWith !== undefined) return;
    this.#endedWith = reason;
    this.#ending?.abort(reason);
    this.#leave?.(reason);
  }

  goOn(): void {
    this.#leave = undefined;
    if (!this.#isBounded) clearTimeout(this.#timer);
  }

  close(): void {
    clearTimeout(this.#timer);
    if (this.#isOpen) this.#unchain();
  }

  #unchain(): void {
    this.#isOpen = false;
    if (this.#newer === undefined) this.#chain.newest = this.older;
    else this.#newer.older = this.older;
    if (this.older !== undefined) this.older.#newer = this.#newer;
    this.older = undefined;
    this.#newer = undefined;
  }
}

function expire(call: Opened): void {
  call.end(deadlineExceeded());
}
