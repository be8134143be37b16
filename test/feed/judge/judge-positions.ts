// Judges the positions of an attempt: none covers an event that was not delivered, none falls
// short of one that was, none goes back, and each bears a seal of this history.
import { toBinary } from '@bufbuild/protobuf';
import { FeedPositionSchema } from '@scrip/contract';
import type { Told, WatchRecord } from '../record/watch.ts';
import { placeAfter, type Judged, type Say } from './places.ts';
import type { Truth } from './truth.ts';

type Scene = { readonly truth: Truth; readonly record: WatchRecord; readonly say: Say };

export function judgePositions(judged: Judged, { truth, record, say }: Scene): void {
  const { attempt } = judged;
  if (record.watch.caller.kind === 'token') {
    judgeCursors(attempt.told, say);
    return;
  }
  let before = 0;
  for (const told of attempt.told) {
    const sequence = Number(told.position.sequence);
    const name = `${told.kind} at ${sequence}`;
    if (sequence < before) say('bookmarked', `${name} goes back from ${before}`);
    before = sequence;
    judgeCover(judged, told, say);
    judgeSeal(truth, told, say);
    if (told.position.cursor !== '') say('bookmarked', `${name} has a cursor beside its sequence`);
  }
}

function judgeCover({ attempt, expected, places }: Judged, told: Told, say: Say): void {
  const sequence = Number(told.position.sequence);
  const last = attempt.sequences[told.deliveredCount - 1] ?? 0;
  const name = `${told.kind} at ${sequence}`;
  if (sequence < last) say('unique', `${name} falls short of the delivered ${last}`);
  if (told.kind === 'events' && sequence !== last) say('bookmarked', `${name} ends with ${last}`);
  const next = expected[(places[0] ?? 0) + told.deliveredCount];
  if (next !== undefined && next.sequence <= sequence) {
    say('bookmarked', `${name} covers ${next.sequence}, which was not delivered`);
  }
}

function judgeSeal(truth: Truth, { kind, position }: Told, say: Say): void {
  if (position.chainHash.length === 0) return;
  const sealedAt = Number(position.sealedSequence);
  const name = `${kind} at ${position.sequence}`;
  if (sealedAt < Number(position.sequence)) say('resumable', `${name} is sealed at ${sealedAt}`);
  const hash = Buffer.from(position.chainHash).toString('hex');
  if (sealedAt > 0 && truth.seals.get(sealedAt) !== hash) {
    say('resumable', `${name} bears a seal that is not of this history`);
  }
}

/** A cursor says nothing, and is another one each time. */
function judgeCursors(told: readonly Told[], say: Say): void {
  const seen = new Set<string>();
  for (const { kind, position } of told) {
    const { cursor } = position;
    const shown = toBinary(FeedPositionSchema, { ...position, cursor: '' }).length;
    if (cursor === '' || shown > 0) say('filtered', `${kind} tells a token more than a cursor`);
    if (seen.has(cursor)) say('filtered', `${kind} tells a cursor twice`);
    seen.add(cursor);
  }
}

/** What an attempt behind a told position must deliver, from this place on. */
export function placeBehind({ expected, places }: Judged, told: Told): number {
  if (told.position.cursor !== '') return (places[0] ?? 0) + told.deliveredCount;
  return placeAfter(expected, Number(told.position.sequence));
}
