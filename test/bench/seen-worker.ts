// Posts at a steady rate, whatever the answers take, and watches the same book on several servers:
// how long from the sending of a post until a watcher of everything has it.
import { connect, type ClientHttp2Session } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { LedgerService } from '@scrip/contract';
import { callOnce } from './call-once.ts';

export type SeenMessage = {
  /** Where to post; it is watched there first. */
  readonly url: string;
  /** Where to watch as well. */
  readonly otherUrl: string;
  readonly apiKey: string;
  readonly accountIds: readonly string[];
  readonly postsPerSecond: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
};

/** Latencies in milliseconds, of the posts after the warm-up. */
export type SeenResult = {
  readonly here: readonly number[];
  readonly there: readonly number[];
  readonly answered: readonly number[];
  readonly failureCount: number;
};

process.once('disconnect', () => process.exit(0));
process.once('message', (message: SeenMessage) => {
  run(message).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});

async function run(message: SeenMessage): Promise<SeenResult> {
  const sentAtMs = new Map<string, number>();
  const leaving = new AbortController();
  const here = watch(message.url, { message, sentAtMs, signal: leaving.signal });
  const there = watch(message.otherUrl, { message, sentAtMs, signal: leaving.signal });
  await Promise.all([here.began, there.began]);
  const { answered, failureCount } = await post(message, sentAtMs);
  await delay(1_500);
  leaving.abort();
  await Promise.all([here.ended, there.ended]);
  return { here: here.latencies, there: there.latencies, answered, failureCount };
}

type Watching = {
  readonly message: SeenMessage;
  readonly sentAtMs: ReadonlyMap<string, number>;
  readonly signal: AbortSignal;
};

function watch(url: string, { message, sentAtMs, signal }: Watching) {
  const client = createClient(LedgerService, createGrpcTransport({ baseUrl: url }));
  const latencies: number[] = [];
  const began = Promise.withResolvers<void>();
  const read = async (): Promise<void> => {
    const options = { headers: { 'x-api-key': message.apiKey }, signal };
    const request = { start: { case: 'now' as const, value: {} } };
    for await (const { message: told } of client.watchHistory(request, options)) {
      began.resolve();
      if (told.case !== 'events') continue;
      for (const { idempotencyKey = '' } of told.value.events) {
        const at = sentAtMs.get(idempotencyKey);
        if (at !== undefined) latencies.push(performance.now() - at);
      }
    }
  };
  const ended = read().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { latencies, began: began.promise, ended };
}

async function post(message: SeenMessage, sentAtMs: Map<string, number>) {
  const { url, accountIds, postsPerSecond, warmUpMs, durationMs } = message;
  // A full client costs more than the server that is measured.
  const sessions = Array.from({ length: 4 }, () => connect(url));
  const startedAt = performance.now();
  const answered: number[] = [];
  let failureCount = 0;
  const waiting = new Set<Promise<void>>();
  const send = async (index: number, isMeasured: boolean): Promise<void> => {
    const session = sessions[index % sessions.length] as ClientHttp2Session;
    const key = `${process.pid} ${index}`;
    const at = performance.now();
    if (isMeasured) sentAtMs.set(key, at);
    const accountId = accountIds[index % accountIds.length] ?? '';
    const load = { ...message, protocol: 'grpc', accountIds: [accountId] } as const;
    if (!(await callOnce(session, load, key))) failureCount++;
    else if (isMeasured) answered.push(performance.now() - at);
  };
  for (let index = 0; ;) {
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs >= warmUpMs + durationMs) break;
    for (; index < (elapsedMs / 1_000) * postsPerSecond; index++) {
      const sent: Promise<void> = send(index, elapsedMs >= warmUpMs).finally(() =>
        waiting.delete(sent),
      );
      waiting.add(sent);
    }
    await delay(1);
  }
  await Promise.all(waiting);
  for (const session of sessions) session.close();
  return { answered, failureCount };
}
