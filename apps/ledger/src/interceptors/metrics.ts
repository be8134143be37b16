// What is measured of calls, flushes and connections, and under which names. One call costs one
// histogram and, if it fails, one counter; commands are added up once a flush.
import {
  JournalError,
  type BatchOutcome,
  type EngineObserver,
  type FeedObserver,
  type FlushEnd,
} from '@scrip/engine';
import { postingOf, type BookEvent } from '@scrip/kernel';
import type { Metrics } from '@scrip/runtime';
import type { WatchCall } from '../call/watch-call.ts';
import type { FeedRpcObserver } from '../rpc/feed/feed-rpcs.ts';
import { callEndOf } from './access-log.ts';

/** Where the ledger's figures come from. */
export type LedgerMetrics = {
  /** Measures a call from here to its end. */
  readonly watchCall: WatchCall;
  readonly engineObserver: EngineObserver;
  readonly feedObserver: FeedObserver & FeedRpcObserver;
  /** Counts what kept the sweeper from sweeping. */
  readonly countSweepFailure: () => void;
  /** Adds the gauges, which are read whenever the figures are asked for. */
  readonly addGauges: (sources: GaugeSources) => void;
};

export type GaugeSources = {
  readonly ready: () => Promise<boolean>;
  readonly waitingCount: () => number;
  /** Open streams by method. */
  readonly streamCounts: () => ReadonlyMap<string, number>;
  readonly connectionUse: () => readonly {
    readonly role: string;
    readonly busyCount: number;
    readonly idleCount: number;
    readonly waitingCount: number;
    readonly countMax: number;
  }[];
};

const durationBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const batchBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** Registers the ledger's figures. */
export function createLedgerMetrics(metrics: Metrics): LedgerMetrics {
  return {
    watchCall: createCallWatch(metrics),
    engineObserver: createEngineObserver(metrics),
    feedObserver: createFeedObserver(metrics),
    countSweepFailure: createSweepFailureCounter(metrics),
    addGauges: (sources) => addGauges(metrics, sources),
  };
}

function createCallWatch(metrics: Metrics): WatchCall {
  const observeCall = metrics.histogram({
    name: 'scrip_rpc_duration_seconds',
    help: 'Calls by method and code, from their headers to their end. Streams are not among them.',
    labels: ['method', 'code'],
    buckets: durationBuckets,
  });
  const countError = metrics.counter({
    name: 'scrip_rpc_errors_total',
    help: 'Calls that ended with an error, by its reason.',
    labels: ['method', 'reason'],
  });
  const countStream = metrics.counter({
    name: 'scrip_streams_ended_total',
    help: 'Streams that have ended, by method and code.',
    labels: ['method', 'code'],
  });
  return ({ service, method: { name, methodKind }, values }) => {
    const elapsedSeconds = metrics.startTimer();
    return (endedBy) => {
      const method = `${service.typeName}/${name}`;
      const { code, reason } = callEndOf(values, endedBy);
      if (methodKind !== 'unary') countStream({ method, code });
      else observeCall({ method, code }, elapsedSeconds());
      if (code !== 'ok') countError({ method, reason: reason ?? 'none' });
    };
  };
}

function createFeedObserver(metrics: Metrics): LedgerMetrics['feedObserver'] {
  const countEvents = metrics.counter({
    name: 'scrip_feed_events_total',
    help: 'Events that were handed to streams, once for each stream.',
    labels: [],
  });
  const countFallen = metrics.counter({
    name: 'scrip_feed_fell_behind_total',
    help: 'Times that a stream was read too slowly and went on from the database.',
    labels: [],
  });
  const countFailure = metrics.counter({
    name: 'scrip_feed_source_failures_total',
    help: 'Reads of history for the feed that failed and are tried again.',
    labels: [],
  });
  return {
    onSourceFailure: () => countFailure({}),
    onItem: (item) => {
      if (item.kind === 'events') countEvents({}, item.events.length);
      if (item.kind === 'fell_behind') countFallen({});
    },
  };
}

function createSweepFailureCounter(metrics: Metrics): LedgerMetrics['countSweepFailure'] {
  const countFailure = metrics.counter({
    name: 'scrip_sweep_failures_total',
    help: 'Times that what is due could not be looked up or booked; it is tried again.',
    labels: [],
  });
  return () => countFailure({});
}

function createEngineObserver(metrics: Metrics): EngineObserver {
  const observeDuration = metrics.histogram({
    name: 'scrip_flush_duration_seconds',
    help: 'Tries of flushes by outcome, from taking the batch to the end of its unit of work.',
    labels: ['outcome'],
    buckets: durationBuckets,
  });
  const observeBatch = metrics.histogram({
    name: 'scrip_flush_commands',
    help: 'Commands in a flush that was committed.',
    labels: [],
    buckets: batchBuckets,
  });
  const countRetry = metrics.counter({
    name: 'scrip_flush_retries_total',
    help: 'Tries of flushes after the first.',
    labels: [],
  });
  const addOutcomes = createOutcomeCounters(metrics);
  const addEvents = createEventCounters(metrics);
  return {
    onFlush: ({ commandCount, attempt }) => {
      const elapsedSeconds = metrics.startTimer();
      if (attempt > 1) countRetry({});
      return (end) => {
        observeDuration({ outcome: outcomeOf(end) }, elapsedSeconds());
        if (end.kind === 'failed') return;
        observeBatch({}, commandCount);
        addOutcomes(end.outcomes.flat());
        addEvents(end.events);
      };
    },
  };
}

function outcomeOf(end: FlushEnd): string {
  if (end.kind === 'committed') return 'committed';
  if (end.isInDoubt) return 'in_doubt';
  return end.error instanceof JournalError ? end.error.fault : 'bug';
}

function createOutcomeCounters(metrics: Metrics): (outcomes: readonly BatchOutcome[]) => void {
  const countCommands = metrics.counter({
    name: 'scrip_commands_total',
    help: 'Commands that were decided, by outcome.',
    labels: ['outcome'],
  });
  const countRefusals = metrics.counter({
    name: 'scrip_refusals_total',
    help: 'Commands that were refused, by reason.',
    labels: ['reason'],
  });
  return (outcomes) => {
    for (const [outcome, count] of tally(outcomes, ({ kind }) => kind)) {
      countCommands({ outcome }, count);
    }
    for (const [reason, count] of tally(outcomes, reasonOf)) countRefusals({ reason }, count);
  };
}

function createEventCounters(metrics: Metrics): (events: readonly BookEvent[]) => void {
  const countEntries = metrics.counter({
    name: 'scrip_entries_total',
    help: 'Entries that were written.',
    labels: [],
  });
  const countDueMoves = metrics.counter({
    name: 'scrip_due_moves_total',
    help: 'What time did to grants, holds, schedules and memberships, as it was booked, by kind.',
    labels: ['kind'],
  });
  return (events) => {
    countEntries(
      {},
      events.reduce((sum, event) => sum + entryCountOf(event), 0),
    );
    for (const [kind, count] of tally(events, dueMoveOf)) countDueMoves({ kind }, count);
  };
}

function tally<T>(
  items: readonly T[],
  nameOf: (item: T) => string | undefined,
): ReadonlyMap<string, number> {
  const countsByName = new Map<string, number>();
  for (const item of items) {
    const name = nameOf(item);
    if (name !== undefined) countsByName.set(name, (countsByName.get(name) ?? 0) + 1);
  }
  return countsByName;
}

function reasonOf(outcome: BatchOutcome): string | undefined {
  return outcome.kind === 'refused' ? outcome.refusal.reason : undefined;
}

function entryCountOf(event: BookEvent): number {
  return postingOf(event)?.transaction.entries.length ?? 0;
}

function dueMoveOf({ change }: BookEvent): string | undefined {
  return 'dueAt' in change && change.dueAt !== undefined ? change.kind : undefined;
}

function addGauges(metrics: Metrics, sources: GaugeSources): void {
  const { ready, waitingCount, streamCounts, connectionUse } = sources;
  const ofTheLedger = { labels: [] };
  metrics.gauge(
    { ...ofTheLedger, name: 'scrip_ready', help: '1 while calls are accepted, else 0.' },
    async () => [{ labels: {}, value: (await ready()) ? 1 : 0 }],
  );
  metrics.gauge(
    {
      ...ofTheLedger,
      name: 'scrip_commands_waiting',
      help: 'Commands that no flush has taken yet, in all books.',
    },
    () => [{ labels: {}, value: waitingCount() }],
  );
  metrics.gauge(
    {
      name: 'scrip_streams_open',
      help: 'Streams of the feed that are open, by method.',
      labels: ['method'],
    },
    () => [...streamCounts()].map(([method, value]) => ({ labels: { method }, value })),
  );
  metrics.gauge(
    {
      name: 'scrip_database_connections',
      help: 'Connections to PostgreSQL by role and state; `max` is how many there may be.',
      labels: ['role', 'state'],
    },
    () =>
      connectionUse().flatMap(({ role, busyCount, idleCount, countMax }) => [
        { labels: { role, state: 'busy' }, value: busyCount },
        { labels: { role, state: 'idle' }, value: idleCount },
        { labels: { role, state: 'max' }, value: countMax },
      ]),
  );
  metrics.gauge(
    {
      name: 'scrip_database_waits',
      help: 'Statements and units of work that wait for a connection, by role.',
      labels: ['role'],
    },
    () => connectionUse().map(({ role, waitingCount: value }) => ({ labels: { role }, value })),
  );
}
