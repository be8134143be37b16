// A vitest reporter: the counts of the run, alone on the last line of the output.
import { writeSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** What a run came to. */
export type RunCounts = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
};

/** Writes the line of a run as the process ends, after whatever else has been printed. */
export function closingLine(): Reporter {
  let line = '';
  process.once('exit', () => {
    if (line !== '') writeSync(1, `${line}\n`);
  });
  return {
    onTestRunEnd(testModules, unhandledErrors) {
      line = formatCounts(countTests(testModules, unhandledErrors.length));
    },
  };
}

/** The line itself: `12 passed, 0 failed`, and `, 3 skipped` when there are any. */
export function formatCounts({ passed, failed, skipped }: RunCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** A file that cannot be loaded and an error outside of any test count as one failure each. */
function countTests(testModules: readonly TestModule[], unhandledErrorCount: number): RunCounts {
  const counts = { passed: 0, failed: unhandledErrorCount, skipped: 0 };
  for (const testModule of testModules) {
    counts.failed += testModule.errors().length;
    for (const suite of testModule.children.allSuites()) counts.failed += suite.errors().length;
    for (const test of testModule.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'skipped' : state] += 1;
    }
  }
  return counts;
}
