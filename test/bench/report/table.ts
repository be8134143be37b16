// Tables on the terminal: texts to the left, figures to the right.

/** The cells of a row by the heads of their columns. */
export type Row = Readonly<Record<string, string | number>>;

/** Prints a table with a line above it that says what it is. */
export function printTable(title: string, rows: readonly Row[]): void {
  process.stdout.write(`\n${title}\n${formatTable(rows)}\n`);
}

/** The rows as lines, with the heads of all their columns first. */
export function formatTable(rows: readonly Row[]): string {
  const heads = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [heads, ...rows.map((row) => heads.map((head) => formatCell(row[head])))];
  const widths = heads.map((_, place) =>
    Math.max(...lines.map((line) => line[place]?.length ?? 0)),
  );
  const isText = heads.map((head) => rows.every((row) => typeof row[head] === 'string'));
  return lines
    .map((line) =>
      line
        .map((cell, place) => {
          const width = widths[place] ?? 0;
          return isText[place] ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}

function formatCell(cell: string | number | undefined): string {
  if (typeof cell !== 'number') return cell ?? '';
  return formatFigure(cell);
}

/** Three digits of small figures, whole large ones with marks between thousands. */
export function formatFigure(figure: number): string {
  if (!Number.isFinite(figure)) return '–';
  const digits = Math.abs(figure) < 10 ? 3 : Math.abs(figure) < 1_000 ? 1 : 0;
  return figure.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
