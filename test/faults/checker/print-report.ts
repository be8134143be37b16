// The report of the checker as lines of text.
import type { Report } from './check.ts';

const shownCountMax = 20;
const sentenceLengthMax = 1_500;

/** What was recorded, what was found; the first violations in full. */
export function reportLines(report: Report): readonly string[] {
  const { operations, ok, replays, refused, failed, unknown, batchItems, effects, head } = report;
  const shown = report.violations.slice(0, shownCountMax);
  return [
    `operations  ${operations}`,
    `  answered  ${ok} (${replays} replays)`,
    `  in batches ${batchItems} items`,
    `  refused   ${refused}`,
    `  failed    ${failed} (told that nothing was written, or never sent)`,
    `  unknown   ${unknown}`,
    `events      ${effects}, up to sequence ${head}`,
    ...(report.isReadBack ? [] : ['the history was not read back: the end is not checked']),
    `violations  ${report.violationCount}`,
    ...shown.map(({ check, operations: ids, sentence }) => {
      const where = ids.length === 0 ? '' : ` [operations ${ids.slice(0, 5).join(', ')}]`;
      return `  ${check}${where}: ${sentence.slice(0, sentenceLengthMax)}`;
    }),
  ];
}
