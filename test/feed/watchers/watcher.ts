// What watchers of events and of balances have in common: they come, stay for a while, and come
// again, until they are told to stay to the end.
import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { ErrorDetailSchema, ErrorReason } from '@scrip/contract';
import type { Random } from '../../faults/load/random.ts';
import type { End } from '../record/watch.ts';
import { SentFailure } from '../wire/sent-events.ts';
import type { StreamCall } from '../wire/streams.ts';

/** How a watcher behaves. */
export type Manner = {
  /** A slow one rests after some messages; one that does not read rests until the end. */
  readonly reading: 'prompt' | 'slow' | 'not';
  /** The longest stay in milliseconds; the first is as random as the others. */
  readonly stayMsMax: number;
};

export type WatcherOptions = {
  /** Whether the streams give all messages: a client that reconnects by itself does not. */
  readonly tellsAll: boolean;
  readonly urls: readonly string[];
  /** The headers of the next attempt, a fresh token in them where one is needed. */
  readonly headersOf: () => Promise<Readonly<Record<string, string>>>;
  readonly manner: Manner;
  readonly random: Random;
};

/** A watcher at work. */
export type Watcher<Record> = {
  readonly record: Record;
  /** From now on it stays, and reads. */
  readonly settle: () => void;
  /** Ends it. */
  readonly stop: () => Promise<void>;
};

/** The phases of a watcher's life. */
export type Life = {
  readonly settling: AbortSignal;
  readonly stopping: AbortSignal;
};

/** Reads one stream to its end and says how it ended. */
export async function attend<M>(
  options: WatcherOptions,
  life: Life,
  {
    open,
    note,
  }: {
    readonly open: (call: StreamCall) => AsyncIterable<M>;
    readonly note: (message: M) => void;
  },
): Promise<End> {
  const { manner, random, urls } = options;
  const leaving = new AbortController();
  const stays = life.settling.aborted || manner.stayMsMax === Number.POSITIVE_INFINITY;
  const stayMs = manner.stayMsMax * random.next();
  const timer = stays ? undefined : setTimeout(() => leaving.abort(), stayMs);
  const stay = (): void => clearTimeout(timer);
  const leave = (): void => leaving.abort();
  life.settling.addEventListener('abort', stay);
  life.stopping.addEventListener('abort', leave);
  try {
    const headers = await options.headersOf();
    const url = random.pick(urls) ?? '';
    const call = { url, headers, renew: options.headersOf, signal: leaving.signal };
    for await (const message of open(call)) {
      note(message);
      if (leaving.signal.aborted) break;
      await rest(options, life);
    }
    return leaving.signal.aborted ? { kind: 'left' } : { kind: 'failed', code: 'ended' };
  } catch (error) {
    return leaving.signal.aborted ? { kind: 'left' } : endOf(error);
  } finally {
    clearTimeout(timer);
    life.settling.removeEventListener('abort', stay);
    life.stopping.removeEventListener('abort', leave);
    leaving.abort();
  }
}

/** The error in the words of the contract. */
export function endOf(error: unknown): Extract<End, { readonly kind: 'failed' }> {
  const failure = ConnectError.from(error);
  const code = `${Code[failure.code]}: ${failure.rawMessage}`;
  const [detail] = failure.findDetails(ErrorDetailSchema);
  const reason = reasonNames.get(Number(detail?.reason)) ?? sentReason(error);
  return { kind: 'failed', code, ...(reason === undefined ? {} : { reason }) };
}

/** The gateway's feed tells it by name. */
function sentReason(error: unknown): string | undefined {
  return error instanceof SentFailure ? error.reason : undefined;
}

const reasonNames = new Map(
  Object.entries(ErrorReason).map(([name, reason]) => [Number(reason), name] as const),
);

async function rest({ manner, random }: WatcherOptions, life: Life): Promise<void> {
  if (life.settling.aborted || life.stopping.aborted) return;
  if (manner.reading === 'slow' && random.chance(0.2)) await delay(40 * random.next());
  if (manner.reading !== 'not') return;
  await new Promise<void>((resolve) => {
    life.settling.addEventListener('abort', () => resolve(), { once: true });
    life.stopping.addEventListener('abort', () => resolve(), { once: true });
  });
}
