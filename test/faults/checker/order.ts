// Phase B: sequences are dense, and each effect had somebody who may have made it.
import type { Effect } from './effect.ts';
import type { Findings } from './violation.ts';

export type Range = { readonly base: number; readonly finalHead: number | undefined };

/** Finds gaps, what lies beyond the head, and effects that nobody can have made. */
export function checkOrder(
  effects: ReadonlyMap<number, Effect>,
  { base, finalHead }: Range,
  findings: Findings,
): void {
  let last = base;
  for (const sequence of effects.keys()) last = Math.max(last, sequence);
  const head = Math.max(last, finalHead ?? 0);
  for (let sequence = base + 1; sequence <= head; sequence += 1) {
    const effect = effects.get(sequence);
    if (effect !== undefined) checkMaker(effect, findings);
    else findings.add('order', [], `sequence ${sequence} belongs to nothing that was sent`);
  }
  for (const [sequence, { asked }] of effects) {
    const limit = finalHead ?? Infinity;
    if (sequence > base && sequence <= limit) continue;
    const sentence = `sequence ${sequence} was answered and the head ended at ${finalHead}`;
    findings.add('order', [asked.id], sentence);
  }
}

function checkMaker(
  { answered, unsettled, asked, identity, sequence }: Effect,
  findings: Findings,
) {
  const first = answered.filter(({ replay }) => !replay);
  if (first.length > 1) {
    const sentence = `the ${identity} was answered ${first.length} times as if for the first time`;
    findings.add(
      'idempotency',
      first.map(({ id }) => id),
      sentence,
    );
  }
  if (first.length > 0 || unsettled.some(({ outcome }) => outcome === 'unknown')) return;
  if (unsettled.length > 0) {
    const told = 'its callers were told that nothing was written';
    const sentence = `the ${identity} took effect at ${sequence}; ${told}`;
    findings.add(
      'answers',
      unsettled.map(({ id }) => id),
      sentence,
    );
    return;
  }
  const sentence = `the ${identity} was answered with a replay, and nobody had sent it before`;
  findings.add('idempotency', [asked.id], sentence);
}
