// What a load is and what came of it: what the bench and its generator say to each other.
import type { LatencySummary } from './latencies.ts';
import type { Spread } from './spread.ts';

/** How a call is said. `rest` is the gateway's Customer Credits API, over HTTP/1.1. */
export type Protocol = 'connect' | 'connect-json' | 'grpc' | 'grpc-web' | 'rest';

/** `post` is a credit or a debit, `history` a page of 50 entries. */
export type Call = 'post' | 'create' | 'batch' | 'balance' | 'balance-at' | 'history';

/** What to call, how often and for how long. */
export type Load = {
  readonly url: string;
  readonly apiKey: string;
  /** All of one length. None are needed to create accounts. */
  readonly accountIds: readonly string[];
  readonly protocol: Protocol;
  /** Calls at once; of an open loop, the most that there may be. */
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** Default: `h1` for REST, else `h2`. */
  readonly transport?: 'h1' | 'h2';
  /** Default `post`. */
  readonly call?: Call;
  /** Default `uniform`. */
  readonly spread?: Spread;
  /** Of 1: posts that are debits; the others are credits. Default 0. */
  readonly debitShare?: number;
  /** Of 1: posts that are debits of more than there is. Default 0. */
  readonly refusedShare?: number;
  /** Of 1: posts that are sent once more as they were. Default 0. */
  readonly replayedShare?: number;
  /** Items of a batch; those that are refused or replayed are among them. Default 100. */
  readonly batchSize?: number;
  /** Where the instants of `balance-at` lie, in milliseconds since 1970. */
  readonly instants?: { readonly fromMs: number; readonly toMs: number };
  /** An open loop: calls come at this rate, whatever the answers take. */
  readonly callsPerSecond?: number;
  /** Ends after so many calls and not before: measured from the first to the last. */
  readonly callCountMax?: number;
};

/** What came of a load, in the measured window unless it says `all`. */
export type LoadResult = LatencySummary & {
  readonly callsPerSecond: number;
  readonly measuredMs: number;
  /** CPU that the generator itself used. */
  readonly generatorMs: number;
  /** How late the generator itself was with calls that were due; 0 for a closed loop. */
  readonly lateP99Ms: number;
  readonly all: Tally;
  /** Calls, warm-up included, that failed or were answered as was not expected. */
  readonly failureCount: number;
  /** The first of them. */
  readonly failure?: string;
};

/** What the server acknowledged; items of batches one by one. */
export type Tally = {
  readonly calls: number;
  readonly posted: number;
  readonly refused: number;
  readonly replayed: number;
};

/** What a generator tells: when the window begins and ends, and the result. */
export type GeneratorMessage =
  | { readonly kind: 'measuring' | 'measured' }
  | { readonly kind: 'result'; readonly result: LoadResult };
