// The judge can see: every planted bug is found by a property that it breaks.
import { afterAll, describe, expect, it } from 'vitest';
import { violationLines, type Property } from './judge/violation.ts';
import { plantedBugs, type PlantedBug } from './planted/planted.ts';
import { runFeed } from './run.ts';
import { openStage } from './stage.ts';

const durationMs = 6_000;
/** On a quick and quiet machine streams fall behind less often: a run alone may show nothing. */
const seeds = [7, 8, 9];
const plantUrl = new URL('planted/plant.ts', import.meta.url).href;
const table: string[] = [];

afterAll(() => console.log(['planted bug → found by', ...table].join('\n')));

describe('the judge', () => {
  it.each(plantedBugs.map((bug) => [bug.name, bug] as const))('finds: %s', async (name, bug) => {
    const found = await firstFound(bug);
    table.push(`${name} → ${[...found].join(', ') || 'nothing'}`);
    expect(bug.breaks.filter((property) => found.has(property))).not.toEqual([]);
  });
});

/** Runs until one shows what the bug breaks, or all seeds have been tried. */
async function firstFound({ name, breaks }: PlantedBug): Promise<ReadonlySet<Property>> {
  for (const seed of seeds) {
    const found = await propertiesBroken(name, seed);
    if (breaks.some((property) => found.has(property))) return found;
  }
  return new Set();
}

/** A short run on two servers with the bug in them. */
async function propertiesBroken(name: string, seed: number): Promise<ReadonlySet<Property>> {
  const env = { NODE_OPTIONS: `--import ${plantUrl}`, PLANTED: name };
  const stage = await openStage({ serverCount: 2, envOf: () => env });
  try {
    const { violations } = await runFeed({
      stage,
      seed,
      durationMs,
      eventCountMin: 1_200,
      writerCount: 3,
      watcherCount: 24,
      balanceWatcherCount: 6,
      shareOfTokens: 0.2,
      tokenSecondsMin: 60,
      resumeCount: 16,
      losesServers: false,
      settleMsMax: 5_000,
      say: () => undefined,
    });
    if (process.env['SCRIP_FEED_VERBOSE'] !== undefined) console.log(violationLines(violations));
    return new Set(violations.map(({ property }) => property));
  } finally {
    await stage.close();
  }
}
