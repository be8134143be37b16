// That tables and goals say what they are given.
import { describe, expect, it } from 'vitest';
import { sayGoal } from './goals.ts';
import { formatFigure, formatTable } from './table.ts';

describe('formatTable', () => {
  it('puts texts to the left and figures to the right, and leaves out what a row has not', () => {
    const rows = [
      { load: 'a', 'calls/s': 12_345.6 },
      { load: 'long name', 'p50 ms': 1.5 },
    ];
    expect(formatTable(rows).split('\n')).toEqual([
      '  load       calls/s  p50 ms',
      '  a           12,346',
      '  long name            1.500',
    ]);
  });

  it('shows a figure that is none', () => {
    expect(formatFigure(Number.NaN)).toBe('–');
  });
});

describe('sayGoal', () => {
  it('tells whether a bound from below or above is kept', () => {
    expect(sayGoal('hot_vs_spread', 1)).toBe('≥ 1 met');
    expect(sayGoal('hot_vs_spread', 0.99)).toBe('≥ 1 MISSED');
    expect(sayGoal('wal_bytes_per_post', 901)).toBe('≤ 900 MISSED');
    expect(sayGoal('flush_p50_ms', 1)).toBe('');
  });
});
