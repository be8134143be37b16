// Judges what an attempt tells beside events: what comes first, heartbeats, whether it is live, and
// how it ends.
import type { End, Told, WatchRecord } from '../record/watch.ts';
import { placeAfter, type Judged, type Say } from './places.ts';
import type { Times } from './times.ts';

type Scene = { readonly record: WatchRecord; readonly times: Times; readonly say: Say };

/** 15 seconds, and what a loaded machine may take. */
const heartbeatGapMsMax = 18_000;
const firstHeartbeatMsMax = 2_000;
/** Between processes a lost wake-up costs a second. */
const delayMsMax = 4_000;

/** Reasons for which a stream may end that the watcher did not end itself. */
const reasons = ['UNAVAILABLE', 'TOKEN_EXPIRED'];
/** What protocols say of a connection that was lost with its server. */
const lostConnection =
  /^Unavailable|http\/2|NGHTTP2|ECONN|EPIPE|socket|terminated|: aborted$|: ended$/;

export function judgeTelling(judged: Judged, { record, times, say }: Scene): void {
  const { attempt } = judged;
  judgeEnding(attempt.end, say);
  const [first] = attempt.told;
  if (first === undefined) return;
  if (record.tellsAll) judgeMessages(attempt.told, { record, say });
  if (record.isPrompt) judgeDelay(judged, times, say);
  if (record.watch.caller.kind === 'key') judgeFresh(attempt, times, say);
}

/** Whoever has caught up has all that was acknowledged before the stream began. */
function judgeFresh({ told, openedAtMs }: Judged['attempt'], times: Times, say: Say): void {
  const position = told.find(({ kind }) => kind === 'caught_up')?.position;
  const head = times.headBefore(openedAtMs);
  if (position === undefined || Number(position.sequence) >= head) return;
  say('told', `caught up at ${position.sequence}, ${head} was acknowledged before it began`);
}

function judgeMessages(
  told: readonly Told[],
  { record, say }: Pick<Scene, 'record' | 'say'>,
): void {
  const [first] = told;
  if (first === undefined) return;
  if (first.kind !== 'started') say('told', `${first.kind} came first`);
  if (told.filter(({ kind }) => kind === 'started').length > 1) {
    say('told', 'started came twice');
  }
  judgeTurns(told, say);
  if (record.isPrompt) judgeHeartbeats(told, say);
}

function judgeEnding(end: End | undefined, say: Say): void {
  if (end === undefined || end.kind === 'left') return;
  const { code, reason } = end;
  const isKnown = reason === undefined ? lostConnection.test(code) : reasons.includes(reason);
  if (!isKnown) say('end', `ended with ${code} ${reason ?? ''}`);
}

/** `caught_up` ends what began with the stream or with `fell_behind`. */
function judgeTurns(told: readonly Told[], say: Say): void {
  let isLive = false;
  for (const { kind, position } of told) {
    if (kind === 'caught_up' && isLive) say('told', `caught up twice at ${position.sequence}`);
    if (kind === 'fell_behind' && !isLive) say('told', `fell behind twice at ${position.sequence}`);
    if (kind === 'caught_up') isLive = true;
    if (kind === 'fell_behind') isLive = false;
  }
}

function judgeHeartbeats(told: readonly Told[], say: Say): void {
  const [first] = told;
  const last = told.at(-1);
  if (first === undefined || last === undefined) return;
  const beats = told.filter(({ kind }) => kind === 'heartbeat').map(({ atMs }) => atMs);
  const lateMs = (beats[0] ?? last.atMs) - first.atMs;
  if (lateMs > firstHeartbeatMsMax)
    say('heartbeat', `the first came after ${Math.round(lateMs)} ms`);
  for (const [index, atMs] of [...beats, last.atMs].entries()) {
    const gapMs = atMs - (beats[index - 1] ?? atMs);
    if (gapMs > heartbeatGapMsMax) say('heartbeat', `none for ${Math.round(gapMs)} ms`);
  }
}

/** Whatever was acknowledged while the stream was live is told soon after. */
function judgeDelay({ attempt, expected, places }: Judged, times: Times, say: Say): void {
  const [place = 0] = places;
  const live = attempt.told.find(({ kind }) => kind === 'caught_up');
  const last = attempt.told.at(-1);
  if (live === undefined || last === undefined) return;
  const toldAt = (count: number): number =>
    attempt.told.find(({ deliveredCount }) => deliveredCount >= count)?.atMs ?? Infinity;
  for (const { sequence, answeredAtMs } of times.acknowledged) {
    if (answeredAtMs < live.atMs || answeredAtMs + delayMsMax > last.atMs) continue;
    const at = placeAfter(expected, sequence) - 1;
    if (expected[at]?.sequence !== sequence || at < place) continue;
    const delayMs = toldAt(at - place + 1) - answeredAtMs;
    if (delayMs > delayMsMax) say('live', `${sequence} came ${Math.round(delayMs)} ms late`);
  }
}
