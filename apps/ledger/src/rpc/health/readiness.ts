// Whether the service can take calls: it is not closing, and its database answers.
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '@scrip/runtime';

/** How long an answer holds, so that many who ask cost the database one question a second. */
const ageMsMax = 1000;
/** How long the database may take to answer. */
const pingMsMax = 2000;

/** Tells whether calls are accepted. Never rejects. */
export type Readiness = () => Promise<boolean>;

/** Makes the one readiness of a server. */
export function createReadiness(options: {
  readonly ping: () => Promise<void>;
  readonly clock: Clock;
  readonly closing: AbortSignal;
}): Readiness {
  const { ping, clock, closing } = options;
  let last: { readonly askedAtMs: number; readonly answer: Promise<boolean> } | undefined;
  return async () => {
    if (closing.aborted) return false;
    const nowMs = clock.nowMs();
    if (last === undefined || isOld(last.askedAtMs, nowMs)) {
      last = { askedAtMs: nowMs, answer: answersInTime(ping) };
    }
    return (await last.answer) && !closing.aborted;
  };
}

/** An answer of later than now is from before the clock was put back. */
function isOld(askedAtMs: number, nowMs: number): boolean {
  return nowMs < askedAtMs || nowMs - askedAtMs >= ageMsMax;
}

async function answersInTime(ping: () => Promise<void>): Promise<boolean> {
  const answered = ping().then(
    () => true,
    () => false,
  );
  const patience = new AbortController();
  const late = setTimeout(pingMsMax, false, { signal: patience.signal }).catch(() => false);
  const answer = await Promise.race([answered, late]);
  patience.abort();
  return answer;
}
