// An observer hears of flushes, one for many commands, and cannot disturb them.
import { assert, parseCreateAccount, type Command } from '@scrip/kernel';
import { createMemoryBook, createMemoryJournal, jsonEventCodec } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from './engine.ts';
import type { EngineObserver, FlushEnd, FlushStart } from './port/observer.ts';

describe('an observer', () => {
  it('hears once of a flush that is shared by many commands', async () => {
    const { observer, heard } = recording();
    const engine = open({ observer });
    await submitTogether(engine, 30);
    expect(heard.map(({ start }) => start)).toEqual([{ commandCount: 30, attempt: 1 }]);
    const [first] = heard;
    assert(first?.end?.kind === 'committed', 'the flush was committed');
    expect(first.end.outcomes.flat().map(({ kind }) => kind)).toEqual(Array(30).fill('accepted'));
  });

  it('hears of tries that failed, and of doubt', async () => {
    const { observer, heard } = recording();
    const engine = open({ observer }, ['commit_done_answer_lost', 'before_lock']);
    await submitTogether(engine, 1);
    expect(heard.map(({ start, end }) => [start.attempt, end?.kind, isInDoubt(end)])).toEqual([
      [1, 'failed', true],
      [2, 'failed', true],
      [3, 'committed', false],
    ]);
  });

  it('hears that a failure was surely not committed', async () => {
    const { observer, heard } = recording();
    await submitTogether(open({ observer }, ['before_append']), 1);
    expect(heard[0]?.end).toMatchObject({ kind: 'failed', isInDoubt: false });
  });

  it.each([
    ['when the flush begins', { onFlush: fail }],
    ['when the flush ends', { onFlush: () => fail }],
  ])('that fails %s keeps nobody waiting', async (_when, observer) => {
    await expect(submitTogether(open({ observer }), 3)).resolves.toBeUndefined();
  });
});

describe('the count of those that wait', () => {
  it('rises with commands and is 0 when all are answered', async () => {
    const engine = open({});
    expect(engine.waitingCount()).toBe(0);
    const answers = submitTogether(engine, 7);
    expect(engine.waitingCount()).toBe(7);
    await answers;
    expect(engine.waitingCount()).toBe(0);
  });
});

type Heard = { readonly start: FlushStart; end?: FlushEnd };

function recording(): { readonly observer: EngineObserver; readonly heard: readonly Heard[] } {
  const heard: Heard[] = [];
  const observer: EngineObserver = {
    onFlush: (start) => {
      const flush: Heard = { start };
      heard.push(flush);
      return (end) => {
        flush.end = end;
      };
    },
  };
  return { observer, heard };
}

function fail(): never {
  throw new Error('no figures today');
}

function isInDoubt(end: FlushEnd | undefined): boolean {
  return end?.kind === 'failed' && end.isInDoubt;
}

function open(
  observed: { readonly observer?: EngineObserver },
  faults: ReturnType<typeof createMemoryJournal>['faults'] = [],
): Engine {
  const journal = createMemoryJournal();
  journal.faults.push(...faults);
  return createEngine({ journal, codec: jsonEventCodec, ...observed });
}

const book = createMemoryBook();

/** Makes accounts in one turn of the event loop. */
async function submitTogether(engine: Engine, count: number): Promise<void> {
  const commands = Array.from({ length: count }, (_, index) => createAccount(`${index}`));
  await Promise.all(commands.map((command) => engine.submit(book, command)));
}

function createAccount(customerId: string): Command {
  const parsed = parseCreateAccount({ customerId });
  assert(parsed.kind === 'parsed', 'the command is well-formed');
  return parsed.value;
}
