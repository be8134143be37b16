// What the command line asks for: which parts, how much and how long.
import { parseArgs } from 'node:util';
import type { Size } from './figures.ts';

export type Options = {
  /** The parts that were named; none for all parts of the ledger. */
  readonly parts: readonly string[];
  readonly feed: boolean;
  readonly json: string | undefined;
  /** Of the parts of the ledger. */
  readonly size: Size;
  /** Of the parts of the feed, and of the engine's. */
  readonly feedSize: Size;
};

const forms = {
  short: {
    seconds: 1,
    warmUpMs: 400,
    rounds: 1,
    accounts: 5_000,
    posts: [60_000],
    history: 20_000,
    latencyMinutes: 0.05,
    rates: [1_000],
  },
  long: {
    seconds: 10,
    warmUpMs: 3_000,
    rounds: 5,
    accounts: 100_000,
    posts: [1_000_000, 5_000_000],
    history: 5_000_000,
    latencyMinutes: 10,
    rates: [1_000, 2_000, 4_000],
  },
} as const;

export function readOptions(parts: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...parts],
    options: {
      long: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      'in-flight': { type: 'string', default: '256' },
      accounts: { type: 'string' },
      posts: { type: 'string', multiple: true },
      history: { type: 'string' },
      rate: { type: 'string', multiple: true },
      'latency-minutes': { type: 'string' },
      watchers: { type: 'string', default: '10000' },
      part: { type: 'string', multiple: true },
      feed: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const form = values.long ? 'long' : 'short';
  const defaults = forms[form];
  const durationMs = numberOf(values.seconds, defaults.seconds) * 1_000;
  const size: Size = {
    form,
    accountCount: numberOf(values.accounts, defaults.accounts),
    inFlight: Number(values['in-flight']),
    warmUpMs: Math.min(defaults.warmUpMs, durationMs),
    durationMs,
    watcherCount: Number(values.watchers),
    roundCount: numberOf(values.rounds, defaults.rounds),
    grownCounts: values.posts?.map(Number) ?? defaults.posts,
    historyCount: numberOf(values.history, defaults.history),
    latencyMs: numberOf(values['latency-minutes'], defaults.latencyMinutes) * 60_000,
    arrivalRates: values.rate?.map(Number) ?? defaults.rates,
  };
  const feedMs = numberOf(values.seconds, 5) * 1_000;
  return {
    parts: values.part ?? [],
    feed: values.feed,
    json: values.json,
    size,
    feedSize: {
      ...size,
      accountCount: numberOf(values.accounts, 1_000),
      durationMs: feedMs,
      warmUpMs: Math.min(2_000, feedMs),
    },
  };
}

function numberOf(text: string | undefined, ifAbsent: number): number {
  const number = text === undefined ? ifAbsent : Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`${text} is not a number above 0.`);
}
