// Runs a load against any Scrip and checks what was recorded, or checks a recorded history.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { checkHistory } from './checker/check.ts';
import { reportLines } from './checker/print-report.ts';
import { parseDuration } from './duration.ts';
import { openHistory } from './history/recorder.ts';
import { startLoad } from './load/run-load.ts';

const usage = `usage:
  main.ts --url http://127.0.0.1:7410 --api-key scrip_test_… [--url …] [--duration 60s] [--seed 1]
          [--clients 64] [--history FILE]
  main.ts --check FILE

Nobody else may write the book of the key during the run. Exits 1 on a violation.`;

const { values } = parseArgs({
  options: {
    url: { type: 'string', multiple: true },
    'api-key': { type: 'string' },
    duration: { type: 'string', default: '60s' },
    seed: { type: 'string', default: '1' },
    clients: { type: 'string', default: '64' },
    history: { type: 'string' },
    check: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const path = values.check ?? (await record());
  if (path === undefined) {
    console.error(usage);
    return 2;
  }
  const report = await checkHistory(await openHistory(path));
  for (const line of reportLines(report)) console.log(line);
  return report.violationCount === 0 ? 0 : 1;
}

/** Runs the load; gives the path of the history. */
async function record(): Promise<string | undefined> {
  const { url: urls, 'api-key': apiKey } = values;
  if (urls === undefined || apiKey === undefined) return undefined;
  const historyPath = values.history ?? join(mkdtempSync(join(tmpdir(), 'scrip-load-')), 'history');
  console.log(`seed ${values.seed}, history ${historyPath}`);
  const options = { urls, apiKey, seed: Number(values.seed), historyPath };
  const load = await startLoad({ ...options, clientCount: Number(values.clients) });
  await delay(parseDuration(values.duration));
  await load.finish();
  return historyPath;
}
