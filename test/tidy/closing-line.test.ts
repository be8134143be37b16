// The last line of a test run, which says how it went.
import { describe, expect, it } from 'vitest';
import { formatCounts } from '../closing-line.ts';

describe('the closing line', () => {
  it('says how many tests passed and failed', () => {
    const line = formatCounts({ passed: 12, failed: 1, skipped: 0 });
    expect(line).toBe('12 passed, 1 failed');
  });

  it('says how many were skipped, if any', () => {
    const line = formatCounts({ passed: 12, failed: 0, skipped: 3 });
    expect(line).toBe('12 passed, 0 failed, 3 skipped');
  });
});
