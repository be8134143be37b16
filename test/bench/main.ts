// The bench: measurements one after another, by parts. Machines are noisy: quote the ratios.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { measureFeedIdle } from './feed-idle.ts';
import { measureFeedLoad } from './feed-load.ts';
import { measureFeedSeen } from './feed-seen.ts';
import type { Figures, Size } from './figures.ts';
import { readOptions } from './options.ts';
import { measureEngineAlone } from './parts/engine.ts';
import { ledgerParts, measureLedger } from './parts/ledger-parts.ts';
import { goals, sayGoal } from './report/goals.ts';
import { formatFigure, printTable } from './report/table.ts';

const feedParts: Readonly<Record<string, (size: Size) => Promise<Figures>>> = {
  'feed-idle': measureFeedIdle,
  'feed-load': measureFeedLoad,
  'feed-seen': measureFeedSeen,
};
const apartParts = { ...feedParts, engine: measureEngineAlone };

const { parts, feed, json, size, feedSize } = readOptions(process.argv.slice(2));
const all = [...Object.keys(ledgerParts), ...(size.form === 'long' ? ['engine'] : [])];
const names = parts.length > 0 ? parts : feed ? Object.keys(feedParts) : all;
const unknown = names.find((name) => !(name in ledgerParts) && !(name in apartParts));
if (unknown !== undefined) throw new Error(`There is no part ${unknown}.`);

const startedAt = performance.now();
printMachine();
const figures: Record<string, number> = {};
const add = (measured: Figures): void => {
  for (const [figure, value] of Object.entries(measured)) {
    figures[figure] = figure === 'failures' ? (figures[figure] ?? 0) + value : value;
  }
};
if (names.some((name) => name in ledgerParts)) add(await measureLedger(names, size));
for (const [name, measure] of Object.entries(apartParts)) {
  if (names.includes(name)) add(await measure(feedSize));
}
printTable(
  'figures',
  Object.entries(figures).map(([figure, value]) => ({
    figure,
    is: formatFigure(value).padStart(12),
    goal: sayGoal(figure, value),
  })),
);
const absent = Object.keys(goals).filter((name) => !(name in figures));
if (absent.length > 0) process.stdout.write(`\nnot measured in this run: ${absent.join(', ')}\n`);
const seconds = (performance.now() - startedAt) / 1_000;
process.stdout.write(`\n${Math.round(seconds)} s; load average now ${sayLoad()}\n`);
if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
const isUnmeasured = Object.values(figures).some((value) => !Number.isFinite(value));
if ((figures['failures'] ?? 0) > 0 || isUnmeasured) process.exitCode = 1;

function printMachine(): void {
  const cores = cpus();
  const { accountCount, inFlight, durationMs, roundCount, form } = size;
  process.stdout.write(
    `${form} form: ${durationMs / 1_000} s each, ${roundCount} rounds, ${inFlight} in flight, ` +
      `${accountCount} accounts\n` +
      `${cores.length} cores of ${cores[0]?.model ?? 'an unknown kind'}, generator included; ` +
      `Node ${process.version}; load average before ${sayLoad()}\n`,
  );
}

function sayLoad(): string {
  return loadavg()
    .map((load) => load.toFixed(1))
    .join(', ');
}
