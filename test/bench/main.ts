// The bench: measurements one after another, by parts. Machines are noisy: quote the ratios.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureFeedIdle } from './feed-idle.ts';
import { measureFeedLoad } from './feed-load.ts';
import { measureFeedSeen } from './feed-seen.ts';
import type { Figures, Size } from './figures.ts';
import { measurePosting } from './posting.ts';

const parts: Readonly<Record<string, (size: Size) => Promise<Figures>>> = {
  posting: measurePosting,
  'feed-idle': measureFeedIdle,
  'feed-load': measureFeedLoad,
  'feed-seen': measureFeedSeen,
};
const feedParts = Object.keys(parts).filter((name) => name.startsWith('feed'));

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    'in-flight': { type: 'string', default: '256' },
    accounts: { type: 'string', default: '1000' },
    watchers: { type: 'string', default: '10000' },
    part: { type: 'string', multiple: true },
    feed: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const durationMs = Number(values.seconds) * 1_000;
const size: Size = {
  accountCount: Number(values.accounts),
  inFlight: Number(values['in-flight']),
  watcherCount: Number(values.watchers),
  durationMs,
  warmUpMs: Math.min(2_000, durationMs),
};
const names = values.part ?? (values.feed ? feedParts : ['posting']);

process.stdout.write(`${size.inFlight} in flight, ${size.accountCount} accounts, `);
process.stdout.write(`${durationMs / 1_000} s each, durable; load average `);
process.stdout.write(
  `${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}\n`,
);
const figures: Record<string, number> = {};
for (const name of names) {
  const measure = parts[name];
  if (measure === undefined) throw new Error(`There is no part ${name}.`);
  const measured = await measure(size);
  print(measured);
  for (const [figure, value] of Object.entries(measured)) {
    figures[figure] = figure === 'failures' ? (figures[figure] ?? 0) + value : value;
  }
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}
if ((figures['failures'] ?? 0) > 0) process.exitCode = 1;

function print(measured: Figures): void {
  const lines = Object.entries(measured).map(
    ([name, value]) => `${name.padEnd(38)}${value.toFixed(value < 10 ? 3 : 0).padStart(10)}`,
  );
  process.stdout.write(`\n${lines.join('\n')}\n`);
}
