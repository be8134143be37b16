// Phases C and E: the model takes every effect in order, and every answer is compared with it.
import type { Operation } from '../history/operation.ts';
import { apply } from '../model/apply.ts';
import { createBook, type ModelBook } from '../model/book.ts';
import { judge } from '../model/judge.ts';
import { differenceOf } from './difference.ts';
import { writeOf, type Effect } from './effect.ts';
import { createReads } from './reads.ts';
import type { Findings } from './violation.ts';

export type Replay = {
  readonly base: number;
  readonly effects: ReadonlyMap<number, Effect>;
  readonly judged: readonly Operation[];
  readonly findings: Findings;
};

/** Replays the history; gives the book as it is at the end. Stops at the first gap. */
export function replay({ base, effects, judged, findings }: Replay): ModelBook {
  const book = createBook(base);
  const reads = createReads({ judged, effects, findings });
  reads.check(book);
  for (;;) {
    const effect = effects.get(book.sequence + 1);
    if (effect === undefined || !take(book, effect, findings)) break;
    reads.check(book);
  }
  reads.finish(book);
  return book;
}

/** Applies one effect; false when the model cannot, so that nothing after it can be judged. */
function take(book: ModelBook, effect: Effect, findings: Findings): boolean {
  const { asked, sequence, observed } = effect;
  const write = writeOf(asked);
  checkVerdict(book, effect, findings);
  const before = book.instant;
  try {
    const expected = apply(book, write, observed);
    checkInstant(effect, { before, after: book.instant }, findings);
    checkOtherRequests(book, effect, findings);
    const difference = differenceOf(comparable(expected, effect), comparable(observed, effect));
    if (difference === undefined) return true;
    findings.add('replay', [asked.id], `${write.method} at sequence ${sequence}: ${difference}`);
    return true;
  } catch (error) {
    findings.add('replay', [asked.id], `sequence ${sequence} cannot be replayed: ${String(error)}`);
    return false;
  }
}

/** Without the opening credit, which answers do not show, and what may change before a replay. */
function comparable(
  { account, transaction, sequence }: Effect['observed'],
  { observedInReplay }: Effect,
): object {
  if (account === undefined) return { transaction, sequence };
  if (!observedInReplay) return { account, sequence };
  const { displayName: _, ...rest } = account;
  return { account: rest, sequence };
}

function checkVerdict(book: ModelBook, { asked, sequence }: Effect, findings: Findings): void {
  const write = writeOf(asked);
  const verdict = judge(book, write);
  if (verdict.kind === 'accepted') return;
  const should =
    verdict.kind === 'replayed'
      ? `a replay of sequence ${verdict.sequence}`
      : `refused with ${JSON.stringify(verdict.anyOf)}`;
  const sentence = `${write.method} took effect at sequence ${sequence}; it had to be ${should}`;
  findings.add('replay', [asked.id], sentence);
}

/** Whoever else was answered with this effect must have asked for the same, in any spelling. */
function checkOtherRequests(book: ModelBook, effect: Effect, findings: Findings): void {
  const { asked, answered, identity, sequence } = effect;
  for (const other of answered) {
    if (other.requestText === asked.requestText) continue;
    const verdict = judge(book, writeOf(other));
    if (verdict.kind === 'replayed' && verdict.sequence === sequence) continue;
    const sentence = `the ${identity} was answered with sequence ${sequence} to another request`;
    findings.add('idempotency', [asked.id, other.id], sentence);
  }
}

type Instants = { readonly before: string; readonly after: string };

function checkInstant({ asked, sequence }: Effect, instants: Instants, findings: Findings): void {
  const { before, after } = instants;
  if (!/^[^.]+(\.\d{3})?Z$/.test(after)) {
    findings.add('replay', [asked.id], `the instant of sequence ${sequence} is ${after}`);
  } else if (before !== '' && Date.parse(after) < Date.parse(before)) {
    const sentence = `sequence ${sequence} is at ${after}, before ${before} of the one before it`;
    findings.add('order', [asked.id], sentence);
  }
}
