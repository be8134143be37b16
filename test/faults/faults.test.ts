// Faults against real processes: kill, cut, pause, fill, with two servers on one book throughout.
import { expect, it } from 'vitest';
import { runCampaign, scaleCounts } from './campaign.ts';

/**
 * A share of the full table, so that a change is checked in minutes. `SCRIP_FAULTS_SCALE=1` and
 * `SCRIP_FAULTS_OPERATIONS=300000` give the whole of it.
 */
const scale = Number(process.env['SCRIP_FAULTS_SCALE'] ?? '1');
const operationCount = Number(process.env['SCRIP_FAULTS_OPERATIONS'] ?? '300000');
const seed = Number(process.env['SCRIP_FAULTS_SEED'] ?? Math.floor(performance.timeOrigin / 1_000));

it.runIf(process.platform === 'linux')(
  'keeps every promise while servers and PostgreSQL are killed, cut, paused and full',
  async () => {
    const campaign = await runCampaign({
      seed,
      clientCount: 64,
      serverCount: 2,
      durationMs: 0,
      counts: scaleCounts(scale),
      operationCount,
      say: (line) => console.log(line),
    });
    console.log(campaign.lines.join('\n'));
    expect(campaign.rounds.flatMap(({ violations }) => violations)).toEqual([]);
    expect(campaign.violationCount).toBe(0);
    expect(campaign.rounds.every(({ isReadBack }) => isReadBack)).toBe(true);
    expect(campaign.operationCount).toBeGreaterThanOrEqual(operationCount);
  },
);
