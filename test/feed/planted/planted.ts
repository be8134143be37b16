// Changes of the source that servers are started with: little memory, and bugs that a feed could
// have. No product code knows of them.
import type { Property } from '../judge/violation.ts';

export type Planted = {
  readonly name: string;
  readonly edits: readonly {
    readonly file: string;
    readonly from: string;
    readonly to: string;
  }[];
};

export type PlantedBug = Planted & {
  /** One of these properties is found broken. */
  readonly breaks: readonly Property[];
};

const feed = 'packages/engine/src/feed';

/** So little that streams fall behind all the time; no bug. */
const littleKept: Planted = {
  name: 'little is kept',
  edits: [
    {
      file: `${feed}/feed-limits.ts`,
      from: 'ringEventCountMax: 20_000',
      to: 'ringEventCountMax: 300',
    },
    {
      file: `${feed}/feed-limits.ts`,
      from: 'pendingEventCountMax: 128',
      to: 'pendingEventCountMax: 8',
    },
    {
      file: `${feed}/feed-limits.ts`,
      from: 'pageEventCountMax: 500',
      to: 'pageEventCountMax: 70',
    },
  ],
};

export const plantedBugs: readonly PlantedBug[] = [];

export const planted: readonly Planted[] = [littleKept, ...plantedBugs];
