// The graceful stop: once only, in the reverse order of starting, within a bounded time.

import type { Log } from './log.ts';

/** One thing to end. Steps run in the reverse order of their registration. */
export type ShutdownStep = {
  readonly name: string;
  readonly run: () => Promise<void> | void;
  /** Runs at once, in place of `run`, when the stop is forced or takes too long. */
  readonly force?: () => void;
};

export type StopOptions = {
  readonly reason: string;
  /** Default 0. A step that fails or outlives the grace time makes it 1. */
  readonly exitCode?: number;
};

export type Shutdown = {
  /** Aborted as soon as a stop begins: long calls and streams end themselves. */
  readonly signal: AbortSignal;
  readonly add: (step: ShutdownStep) => void;
  /** Begins the stop, or joins the one under way; gives the exit code. */
  readonly stop: (options: StopOptions) => Promise<number>;
  /** Begins to obey SIGINT, SIGTERM and SIGHUP: the first stops, the second forces. */
  readonly obeySignals: () => void;
};

export type ShutdownOptions = {
  readonly log: Log;
  /** How long all steps together may take, in milliseconds. Default 20,000. */
  readonly graceMs?: number;
  /** Ends the process; tests pass their own. */
  readonly exit?: (code: number) => void;
};

const graceMsDefault = 20_000;
/** A launcher such as npm may pass on a Ctrl-C that the terminal has delivered already. */
const sameSignalMsMax = 300;
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type StopSignal = keyof typeof exitCodes;

/** Makes the stop of one process; `exit` is called once, when everything has ended. */
export function createShutdown(options: ShutdownOptions): Shutdown {
  const { log, graceMs = graceMsDefault, exit = (code: number) => process.exit(code) } = options;
  const steps: ShutdownStep[] = [];
  const abort = new AbortController();
  let stopping: Promise<number> | undefined;

  const stop = ({ reason, exitCode = 0 }: StopOptions): Promise<number> => {
    stopping ??= begin(reason).then((clean) => {
      const code = clean ? exitCode : Math.max(exitCode, 1);
      exit(code);
      return code;
    });
    return stopping;
  };

  const begin = async (reason: string): Promise<boolean> => {
    log.info({ reason }, 'stopping');
    abort.abort(new Error(`the server is stopping: ${reason}`));
    const clean = await runWithin(graceMs, steps, log);
    log.info({ clean }, 'stopped');
    return clean;
  };

  const force = (signal: StopSignal): void => {
    log.warn({ signal }, 'stopping at once');
    forceAll(steps, log);
    exit(exitCodes[signal]);
  };

  const add = (step: ShutdownStep): void => void steps.push(step);
  return { signal: abort.signal, add, stop, obeySignals: () => obeySignals(stop, force) };
}

function obeySignals(stop: Shutdown['stop'], force: (signal: StopSignal) => void): void {
  let firstAtMs: number | undefined;
  const receive = (signal: StopSignal): void => {
    const atMs = performance.now();
    firstAtMs ??= atMs;
    if (atMs === firstAtMs) void stop({ reason: signal });
    else if (atMs - firstAtMs > sameSignalMsMax) force(signal);
  };
  for (const signal of Object.keys(exitCodes) as StopSignal[]) process.on(signal, receive);
}

/** Runs and removes steps from the last to the first; true when all ended well and in time. */
async function runWithin(graceMs: number, steps: ShutdownStep[], log: Log): Promise<boolean> {
  let late = false;
  const deadline = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    late = true;
    log.error({ graceMs, step: steps.at(-1)?.name }, 'the stop takes too long and is forced');
    forceAll(steps, log);
    deadline.resolve();
  }, graceMs);
  let clean = true;
  for (let step = steps.at(-1); step !== undefined && !late; step = steps.at(-1)) {
    const ended = runStep(step, log);
    clean = (await Promise.race([ended, deadline.promise.then(() => false)])) && clean;
    steps.splice(steps.indexOf(step) >>> 0, 1);
  }
  clearTimeout(timer);
  return clean && !late;
}

async function runStep(step: ShutdownStep, log: Log): Promise<boolean> {
  try {
    log.debug({ step: step.name }, 'stopping a part');
    await step.run();
    return true;
  } catch (error) {
    log.error({ step: step.name, err: error }, 'a part did not stop well');
    return false;
  }
}

function forceAll(steps: ShutdownStep[], log: Log): void {
  for (const step of steps.splice(0).toReversed()) {
    try {
      step.force?.();
    } catch (error) {
      log.error({ step: step.name, err: error }, 'a part could not be forced to stop');
    }
  }
}
