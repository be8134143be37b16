// Runs a load: a closed loop of so many callers who wait for their answers, or an open one whose
// calls come when they are due.
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createH1Wire } from './h1-wire.ts';
import { createH2Wire } from './h2-wire.ts';
import { createLatencies } from './latencies.ts';
import type { Load, LoadResult } from './load.ts';
import { startPacer } from './pacer.ts';
import { createRandom } from './random.ts';
import { createRequests } from './requests.ts';

/** Told when the measured window begins and when it ends. */
export type Window = { readonly onMeasuring: () => void; readonly onMeasured: () => void };

/** `run` is a name that no other load on the book has: every key begins with it. */
export async function runLoad(
  load: Load,
  { window, run, seed }: { readonly window: Window; readonly run: string; readonly seed: number },
): Promise<LoadResult> {
  const random = createRandom(seed);
  const latencies = createLatencies();
  const lateness = createLatencies();
  const ended = Promise.withResolvers<void>();
  const dueAt = new Float64Array(load.inFlight);
  const free = Array.from({ length: load.inFlight }, (_, lane) => lane).toReversed();
  const waiting: number[] = [];
  const isOpen = load.callsPerSecond !== undefined;
  let failureCount = 0;
  let failure: string | undefined;
  let begun = 0;
  let isOver = false;

  const createWire = transportOf(load) === 'h1' ? createH1Wire : createH2Wire;
  const wire = await createWire({
    ...load,
    laneCount: load.inFlight,
    keepBodies: load.call === 'batch',
    onBroken: ended.reject,
    onAnswer: (lane, answer) => {
      const now = performance.now();
      const due = dueAt[lane] ?? now;
      // A closed loop counts what is answered in the window, an open one what is due in it.
      const at = isOpen ? due : now;
      if (at >= measuredFrom && at < until) latencies.record(now - due);
      const wrong = requests.settle(lane, answer);
      if (wrong !== undefined) {
        failureCount++;
        failure ??= wrong;
      }
      free.push(lane);
      advance(now);
    },
  });
  const requests = createRequests(load, wire, { random, run });

  const begin = (due: number): void => {
    const lane = free.pop();
    if (lane === undefined) {
      waiting.push(due);
      return;
    }
    begun++;
    dueAt[lane] = due;
    wire.send(lane, requests.next(lane));
  };
  const isEnough = (now: number): boolean =>
    now >= until || begun >= (load.callCountMax ?? Number.POSITIVE_INFINITY);
  const advance = (now: number): void => {
    const due = waiting.shift();
    if (due !== undefined) begin(due);
    else if (!isOpen && !isEnough(now)) begin(now);
    if ((isOver || (!isOpen && isEnough(now))) && free.length === load.inFlight) ended.resolve();
  };

  // A load that ends by its count is measured from its first call to its last answer.
  const endsByCount = load.callCountMax !== undefined;
  const startedAt = performance.now();
  const measuredFrom = startedAt + (endsByCount ? 0 : load.warmUpMs);
  const until = endsByCount ? Number.POSITIVE_INFINITY : measuredFrom + load.durationMs;
  const watched = watchWindow(window, {
    startsInMs: measuredFrom - startedAt,
    endsInMs: until - startedAt,
  });
  if (load.callsPerSecond === undefined) {
    for (let lane = 0; lane < load.inFlight && !isEnough(startedAt); lane++) begin(startedAt);
  } else {
    const pacer = startPacer({ callsPerSecond: load.callsPerSecond, startedAt, until, seed });
    pacer.onDue((due) => {
      if (due >= measuredFrom) lateness.record(Math.max(0, performance.now() - due));
      begin(due);
    });
    void pacer.ended.then(() => {
      isOver = true;
      advance(performance.now());
    }, ended.reject);
  }
  try {
    await ended.promise;
  } finally {
    wire.close();
  }
  const measuredMs = endsByCount ? performance.now() - startedAt : load.durationMs;
  const { cpuMs } = await watched.end();
  const summary = latencies.summarize();
  return {
    ...summary,
    callsPerSecond: (summary.count / measuredMs) * 1_000,
    measuredMs,
    generatorMs: cpuMs,
    lateP99Ms: lateness.summarize().p99Ms,
    all: requests.tally(),
    failureCount,
    ...(failure === undefined ? {} : { failure }),
  };
}

function transportOf({ transport, protocol }: Load): 'h1' | 'h2' {
  return transport ?? (protocol === 'rest' ? 'h1' : 'h2');
}

/** Tells of the window, and gives the CPU that this process used in it. */
function watchWindow(
  window: Window,
  { startsInMs, endsInMs }: { readonly startsInMs: number; readonly endsInMs: number },
) {
  let begun: NodeJS.CpuUsage | undefined;
  let cpuMs: number | undefined;
  const begin = (): void => {
    begun = process.cpuUsage();
    window.onMeasuring();
  };
  const end = (): void => {
    const { user, system } = process.cpuUsage(begun);
    cpuMs = (user + system) / 1_000;
    window.onMeasured();
  };
  if (startsInMs === 0) begin();
  else setTimeout(begin, startsInMs);
  if (Number.isFinite(endsInMs)) setTimeout(end, endsInMs);
  return {
    /** Once all calls are answered, which is after the window unless it has no end of its own. */
    end: async (): Promise<{ readonly cpuMs: number }> => {
      if (!Number.isFinite(endsInMs)) end();
      while (cpuMs === undefined) await delay(1);
      return { cpuMs };
    },
  };
}
