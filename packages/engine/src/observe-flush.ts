// Wraps a flush for an observer. Without one, it is the flush alone.
import type { Doubt } from './decide-in-unit.ts';
import { flush, type FlushContext, type FlushResult } from './flush.ts';
import type { EngineObserver, FlushEnd, FlushStart } from './port/observer.ts';
import type { CommandGroup } from './waiting-queue.ts';

/** One try of a batch. */
export interface Try {
  /** 1 for the first. */
  readonly attempt: number;
  readonly doubt: Doubt | undefined;
}

/** As `flush`; the observer of the context hears when it begins and how it ended. */
export async function observeFlush(
  context: FlushContext & { readonly observer?: EngineObserver },
  groups: readonly CommandGroup[],
  { attempt, doubt }: Try,
): Promise<FlushResult> {
  const { observer } = context;
  if (observer === undefined) return flush(context, groups, doubt);
  const commandCount = groups.reduce((sum, { commands }) => sum + commands.length, 0);
  const tell = begin(observer, { commandCount, attempt });
  const result = await flush(context, groups, doubt);
  tell(endOf(result));
  return result;
}

function begin(observer: EngineObserver, start: FlushStart): (end: FlushEnd) => void {
  try {
    const tell = observer.onFlush(start);
    return (end) => {
      try {
        tell(end);
      } catch {
        // A figure that cannot be kept is no reason to keep callers waiting.
      }
    };
  } catch {
    return () => undefined;
  }
}

function endOf(result: FlushResult): FlushEnd {
  if (result.kind === 'failed') {
    return { kind: 'failed', error: result.error, isInDoubt: result.doubt !== undefined };
  }
  const { written } = result;
  const encoded = written === undefined || written === 'by_earlier_try' ? [] : written.events;
  const outcomes = result.kind === 'committed' ? result.outcomes : [];
  return { kind: 'committed', outcomes, events: encoded.map(({ event }) => event) };
}
