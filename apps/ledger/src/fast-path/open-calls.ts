// The calls that are being handled, and what ends one early: its deadline, its caller who goes,
// the server that cuts calls off.
import { deadlineExceeded, reasonToEnd } from '../errors/reason-to-end.ts';

/** A call that is being handled. */
export type OpenCall = {
  /** Aborted when the call ends early, with the error to tell. */
  readonly signal: AbortSignal;
  /** Called when a stream has begun: without a deadline of its caller's it goes on from now on. */
  readonly goOn: () => void;
  /** Called when the handler has answered: nothing ends the call early any more. */
  readonly close: () => void;
};

export type OpenCalls = {
  readonly open: (call: {
    readonly onGone: (leave: () => void) => void;
    /** What its caller's deadline leaves it; nothing where none was named. */
    readonly leftMs: number | undefined;
  }) => OpenCall;
  /** What calls are cut off with; nothing before they are. */
  readonly cutOffReason: () => unknown;
};

/** Opens calls, each with a deadline. All are ended when `cutOff` is aborted. */
export function createOpenCalls(cutOff: AbortSignal, deadlineMsDefault: number): OpenCalls {
  // One listener for all: a signal passes each of its listeners whenever one is taken away.
  const open = new Set<AbortController>();
  cutOff.addEventListener('abort', () => {
    for (const ending of open) ending.abort(reasonToEnd(cutOff.reason));
  });
  return {
    open: ({ onGone, leftMs: namedMs }) => {
      const ending = new AbortController();
      const { signal } = ending;
      const expire = (): void => ending.abort(deadlineExceeded());
      if (cutOff.aborted) ending.abort(reasonToEnd(cutOff.reason));
      else if (namedMs !== undefined && namedMs <= 0) expire();
      const timer = setTimeout(expire, namedMs ?? deadlineMsDefault);
      open.add(ending);
      // Node ends the body of a stream that was reset: a part of a message does not get far.
      onGone(() => {
        if (open.has(ending)) ending.abort(reasonToEnd(undefined));
      });
      const close = (): void => {
        open.delete(ending);
        clearTimeout(timer);
      };
      const goOn = (): void => {
        if (namedMs === undefined) clearTimeout(timer);
      };
      return { signal, goOn, close };
    },
    cutOffReason: () => cutOff.reason as unknown,
  };
}
