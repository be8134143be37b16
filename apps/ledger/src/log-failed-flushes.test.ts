// What keeps flushes from being written is logged with its cause, once a minute.
import { JournalError, type FlushEnd } from '@scrip/engine';
import { createLog } from '@scrip/runtime';
import { describe, expect, it } from 'vitest';
import { logFailedFlushes } from './log-failed-flushes.ts';

function createObserver() {
  const lines: string[] = [];
  const log = createLog({ level: 'info', stream: { write: (line) => void lines.push(line) } });
  let nowMs = 1_700_000_000_000;
  const observer = logFailedFlushes({ log, clock: { nowMs: () => nowMs } });
  const end = (flushEnd: FlushEnd): void =>
    observer.onFlush({ commandCount: 1, attempt: 1 })(flushEnd);
  return { lines, end, passMs: (ms: number) => void (nowMs += ms) };
}

function failureOf(fault: JournalError['fault'], isInDoubt = false): FlushEnd {
  const cause = new Error('could not extend file: No space left on device');
  return { kind: 'failed', error: new JournalError('not_committed', fault, { cause }), isInDoubt };
}

describe('a flush that the database did not take', () => {
  it('is logged with what the database said', () => {
    const { lines, end } = createObserver();
    end(failureOf('unavailable', true));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 40,
      msg: 'the database did not take a flush',
      in_doubt: true,
    });
    expect(lines[0]).toContain('No space left on device');
  });

  it('is logged once a minute', () => {
    const { lines, end, passMs } = createObserver();
    for (let count = 0; count < 5; count++) end(failureOf('collision'));
    expect(lines).toHaveLength(1);
    passMs(60_000);
    end(failureOf('collision'));
    expect(lines).toHaveLength(2);
  });

  it('is not logged when it is a bug, and neither is one that was committed', () => {
    const { lines, end } = createObserver();
    end(failureOf('content'));
    end({ kind: 'failed', error: new Error('a bug'), isInDoubt: false });
    end({ kind: 'committed', outcomes: [], events: [] });
    expect(lines).toEqual([]);
  });
});
