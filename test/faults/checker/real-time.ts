// Phase D: what ended before another thing began comes before it in the order of the book.
import type { Operation } from '../history/operation.ts';
import type { Effect } from './effect.ts';
import type { Findings } from './violation.ts';

/** Something that happened between two instants, at a place in the order of the book. */
type Happening = {
  /** 2n for the event n, 2n + 1 for what was judged or read after it. */
  readonly position: number;
  readonly invokedUs: number;
  readonly returnedUs: number;
  readonly operation: Operation;
};

/** Walks from the last to the first and keeps the earliest end seen. Linear after sorting. */
export function checkRealTime(
  effects: ReadonlyMap<number, Effect>,
  judged: readonly Operation[],
  findings: Findings,
): void {
  const happenings = [...[...effects.values()].map(ofEffect), ...judged.flatMap(ofJudged)];
  happenings.sort((a, b) => b.position - a.position);
  let earliest: Happening | undefined;
  let earliestHere: Happening | undefined;
  let position = Infinity;
  for (const happening of happenings) {
    if (happening.position < position) {
      earliest = earlier(earliest, earliestHere);
      earliestHere = undefined;
      position = happening.position;
    }
    if (earliest !== undefined && happening.invokedUs > earliest.returnedUs) {
      findings.add(
        'real time',
        [earliest.operation.id, happening.operation.id],
        sentenceOf(earliest, happening),
      );
    }
    earliestHere = earlier(earliestHere, happening);
  }
}

function earlier(a: Happening | undefined, b: Happening | undefined): Happening | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.returnedUs < a.returnedUs ? b : a;
}

/** An effect began with whoever may have made it, and was over when anyone was answered with it. */
function ofEffect({ sequence, answered, unsettled, asked }: Effect): Happening {
  const first = answered.find(({ replay }) => !replay);
  const makers = first === undefined ? [...answered, ...unsettled, asked] : [first];
  return {
    position: 2 * sequence,
    invokedUs: Math.min(...makers.map(({ invokedUs }) => invokedUs)),
    returnedUs: Math.min(Infinity, ...answered.map(({ returnedUs }) => returnedUs)),
    operation: asked,
  };
}

function ofJudged(operation: Operation): readonly Happening[] {
  const { sequence, invokedUs, returnedUs } = operation;
  if (sequence === undefined) return [];
  return [{ position: 2 * sequence + 1, invokedUs, returnedUs, operation }];
}

function sentenceOf(over: Happening, begun: Happening): string {
  return (
    `${spell(begun)} began ${begun.invokedUs - over.returnedUs} µs after the end of ` +
    `${spell(over)}, and comes before it`
  );
}

function spell({ position, operation }: Happening): string {
  const sequence = Math.floor(position / 2);
  return position % 2 === 0
    ? `${operation.method} at sequence ${sequence}`
    : `${operation.method}, ${operation.outcome} after sequence ${sequence}`;
}
