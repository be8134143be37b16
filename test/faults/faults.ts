// Faults against real processes from the command line; the long form of faults.test.ts.
import { parseArgs } from 'node:util';
import { runCampaign, scaleCounts } from './campaign.ts';
import { parseDuration } from './duration.ts';

const usage = `usage:
  faults.ts [--duration 1h] [--seed 1] [--clients 64] [--servers 2] [--scale 1]
            [--operations 300000]

Starts PostgreSQL and servers of its own and injects faults under load. A round has the faults
of the table in the README times --scale; rounds go on until the duration is over. Exits 1 on a
violation.`;

const { values } = parseArgs({
  options: {
    duration: { type: 'string', default: '0s' },
    seed: { type: 'string', default: '1' },
    clients: { type: 'string', default: '64' },
    servers: { type: 'string', default: '2' },
    scale: { type: 'string', default: '1' },
    operations: { type: 'string', default: '300000' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else process.exitCode = await main();

async function main(): Promise<number> {
  const startedAt = performance.now();
  const { lines, violationCount } = await runCampaign({
    seed: Number(values.seed),
    clientCount: Number(values.clients),
    serverCount: Number(values.servers),
    durationMs: parseDuration(values.duration),
    counts: scaleCounts(Number(values.scale)),
    operationCount: Number(values.operations),
    say: (line) => {
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7);
      console.log(`${seconds} s  ${line}`);
    },
  });
  for (const line of lines) console.log(line);
  return violationCount === 0 ? 0 : 1;
}
