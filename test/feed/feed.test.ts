// Every watcher's record equals the filtered history, in order, once: whatever is lost meanwhile.
import { expect, it } from 'vitest';
import { violationLines } from './judge/violation.ts';
import { runFeed } from './run.ts';
import { openStage } from './stage.ts';

const seed = Number(process.env['SCRIP_FEED_SEED'] ?? Math.floor(performance.timeOrigin / 1_000));
const durationMs = Number(process.env['SCRIP_FEED_SECONDS'] ?? '60') * 1_000;
const plantUrl = new URL('planted/plant.ts', import.meta.url).href;

it('tells 40 watchers the filtered history, in order, once, while servers are lost', async () => {
  const stage = await openStage({
    serverCount: 2,
    // The second server keeps little, so that its watchers fall behind all the time.
    envOf: (place) =>
      place === 1 ? { NODE_OPTIONS: `--import ${plantUrl}`, PLANTED: 'little is kept' } : {},
  });
  try {
    const report = await runFeed({
      stage,
      seed,
      durationMs,
      eventCountMin: 1_500,
      writerCount: 3,
      watcherCount: 40,
      balanceWatcherCount: 10,
      shareOfTokens: 0.3,
      tokenSecondsMin: 3,
      resumeCount: 300,
      losesServers: true,
      settleMsMax: 20_000,
      say: (line) => console.log(line),
    });
    const { violations, ...counts } = report;
    console.log(JSON.stringify(counts));
    expect(violationLines(violations)).toEqual([]);
    expect(report.eventCount).toBeGreaterThan(1_000);
    expect(report.deliveryCount).toBeGreaterThan(10_000);
  } finally {
    await stage.close();
  }
});
