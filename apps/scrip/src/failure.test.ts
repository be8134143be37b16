// Which failures are told as what to mend, and which as a bug.

import { JournalError } from '@scrip/engine';
import { OperatorError } from '@scrip/runtime';
import { expect, it } from 'vitest';
import { describeFailure } from './failure.ts';

it('tells what the database said when it did not do what it was asked', () => {
  const said = new Error('cannot execute INSERT in a read-only transaction\nat line 1');
  const cause = new Error('insert into api_key', { cause: said });
  for (const fault of ['unavailable', 'collision'] as const) {
    expect(describeFailure(new JournalError('not_committed', fault, { cause }))).toEqual({
      line: 'the database did not do it: cannot execute INSERT in a read-only transaction',
      expected: true,
      exitCode: 1,
    });
  }
});

it('tells that each of several addresses was refused', () => {
  const cause = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  const { line } = describeFailure(new JournalError('not_committed', 'unavailable', { cause }));
  expect(line).toBe('the database did not do it: ECONNREFUSED');
});

it('tells a bug as one', () => {
  const cause = new Error('division by zero');
  const slip = new TypeError('x is undefined');
  const bugs = [
    new JournalError('not_committed', 'content', { cause }),
    new JournalError('not_committed', 'unavailable', { cause: slip }),
    new Error('x\ny'),
    'x',
  ];
  for (const bug of bugs) {
    const { line, expected, exitCode } = describeFailure(bug);
    expect({ expected, exitCode }).toEqual({ expected: false, exitCode: 1 });
    expect(line).toMatch(/^this should not have happened: [^\n]+$/);
  }
});

it('tells the line of what the operator can mend', () => {
  const failure = { line: '--store: there is no store x', expected: true, exitCode: 2 };
  expect(describeFailure(new OperatorError('--store: there is no store x', 2))).toEqual(failure);
});
