// How many streams may be open: as many as the process can carry, and nobody may take them all.
import { createHash } from 'node:crypto';
import type { HandlerContext } from '@connectrpc/connect';
import { callerOf, viewerOf } from '../../call/call-facts.ts';
import { serviceError } from '../../errors/service-error.ts';

/** How many streams may be open at a time. */
export type StreamLimits = {
  /** On the process. Default: what a quarter of its heap holds, from 1,000 to 50,000. */
  readonly streamCountMax: number;
  /** With one API key and the access tokens that it minted. Default: four fifths of all. */
  readonly keyStreamCountMax: number;
  /** With access tokens of one customer, or of one list of accounts. Default 20. */
  readonly viewerStreamCountMax: number;
};

/** Seats for streams, counted by who takes them. */
export type StreamSeats = {
  /** Takes a seat and gives how to leave it. Throws `WATCHES_FULL`, which says whose are full. */
  readonly take: (context: Pick<HandlerContext, 'values'>) => () => void;
};

/** What an idle stream holds of the heap. Its socket and its frames lie outside, about as much. */
const heapBytesPerStream = 60 * 1024;
/** The rest is for posting, reading, and what streams hold while they are told something. */
const heapShare = 0.25;
const streamCountMin = 1_000;
const streamCountMax = 50_000;
const keyShare = 0.8;
/** Pages of one person: each has two streams, and one more while it stands still. */
const viewerStreamCountMax = 20;
/** What a caller is told to wait: most streams that end do so when somebody leaves. */
const retryAfterMs = 5_000;

/** The limits of a process whose heap may grow so large. */
export function streamLimitsOf(
  heapBytesMax: number,
  given: Partial<StreamLimits> = {},
): StreamLimits {
  const fitting = Math.floor((heapBytesMax * heapShare) / heapBytesPerStream);
  const derived = Math.min(Math.max(fitting, streamCountMin), streamCountMax);
  const all = given.streamCountMax ?? derived;
  return {
    streamCountMax: all,
    keyStreamCountMax: given.keyStreamCountMax ?? Math.max(1, Math.floor(all * keyShare)),
    viewerStreamCountMax: given.viewerStreamCountMax ?? viewerStreamCountMax,
  };
}

/** Makes the seats of a process. */
export function createStreamSeats(limits: StreamLimits): StreamSeats {
  const counts = new Map<string, number>();
  return {
    take: ({ values }) => {
      const claims = claimsOf(values, limits);
      for (const { name, limit, countMax } of claims) {
        if ((counts.get(name) ?? 0) >= countMax) throw watchesFull(limit, countMax);
      }
      for (const { name } of claims) counts.set(name, (counts.get(name) ?? 0) + 1);
      return () => {
        for (const { name } of claims) {
          const left = (counts.get(name) ?? 0) - 1;
          if (left > 0) counts.set(name, left);
          else counts.delete(name);
        }
      };
    },
  };
}

type Limit = 'process' | 'key' | 'viewer';
type Claim = { readonly name: string; readonly limit: Limit; readonly countMax: number };

/** What a stream counts towards; first the narrowest, which its caller can do most about. */
function claimsOf(values: HandlerContext['values'], limits: StreamLimits): readonly Claim[] {
  const key = callerOf(values);
  const viewer = viewerOf(values);
  const shared: readonly Claim[] = [
    { name: `key ${key.id}`, limit: 'key', countMax: limits.keyStreamCountMax },
    { name: 'process', limit: 'process', countMax: limits.streamCountMax },
  ];
  if (viewer === undefined) return shared;
  const whose = JSON.stringify([key.storeId, key.mode, viewer.scope]);
  // Lists of accounts are long, and there may be as many names as streams.
  const name = createHash('sha256').update(whose).digest('base64url');
  return [{ name, limit: 'viewer', countMax: limits.viewerStreamCountMax }, ...shared];
}

const sentences: Readonly<Record<Limit, string>> = {
  process: 'Too many streams are open on this process.',
  key: 'Too many streams are open with this API key and its access tokens.',
  viewer: 'Too many streams are open with access tokens for the same accounts.',
};

function watchesFull(limit: Limit, countMax: number) {
  const message = sentences[limit];
  const metadata = { limit, count_max: String(countMax) };
  return serviceError('WATCHES_FULL', { message, metadata, retryAfterMs });
}
