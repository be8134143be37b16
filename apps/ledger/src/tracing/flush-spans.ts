// One span for each try of a flush. It serves many calls at once, and so has a trace of its own.
import type { EngineObserver, FlushEnd } from '@scrip/engine';
import type { Attributes, Tracing } from './tracing.ts';

/** Watches the flushes of an engine. */
export function createFlushSpans({ start }: Tracing): EngineObserver {
  return {
    onFlush: ({ commandCount, attempt }) => {
      const attributes = { 'scrip.commands': commandCount, 'scrip.attempt': attempt };
      const finish = start({ name: 'flush', kind: 'internal', attributes });
      return (end) => finish(attributesOf(end), end.kind === 'failed');
    },
  };
}

function attributesOf(end: FlushEnd): Attributes {
  if (end.kind === 'failed') {
    return { 'scrip.outcome': end.isInDoubt ? 'in_doubt' : 'not_committed' };
  }
  const counts = { accepted: 0, replayed: 0, unchanged: 0, refused: 0, not_applied: 0 };
  for (const { kind } of end.outcomes.flat()) counts[kind] += 1;
  return {
    'scrip.outcome': 'committed',
    ...Object.fromEntries(Object.entries(counts).map(([kind, count]) => [`scrip.${kind}`, count])),
  };
}
