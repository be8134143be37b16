// Changes of the source that servers are started with: little memory, and bugs that a feed could
// have. No product code knows of them.
import type { Edit } from '../../faults/planted/plant-edits.ts';
import type { Property } from '../judge/violation.ts';

export type Planted = {
  readonly name: string;
  readonly edits: readonly Edit[];
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

const persistence = 'packages/persistence/src/feed';

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a position covers events that are not sent yet',
    edits: [
      ...littleKept.edits,
      {
        file: `${feed}/live-accounts.ts`,
        from: 'position: () => position,',
        to: 'position: () => bookFeed.tail(),',
      },
    ],
    breaks: ['bookmarked', 'complete'],
  },
  {
    name: 'a resume misses the event right behind its position',
    edits: [
      {
        file: `${persistence}/search-book.ts`,
        from: 'sequence > ${after}::int8',
        to: 'sequence > ${after}::int8 + 1',
      },
    ],
    breaks: ['complete', 'resumable', 'start'],
  },
  {
    name: 'what other processes wrote in between is passed over',
    edits: [
      {
        file: `${feed}/book-tail.ts`,
        from: "? 'known' : 'ahead'",
        to: "? 'known' : 'next'",
      },
    ],
    breaks: ['complete'],
  },
  {
    name: 'a lost wake-up is never made good',
    edits: [
      {
        file: `${feed}/wake-others.ts`,
        from: 'await source.wakeOthers(ids);',
        to: 'await Promise.resolve([source, ids]);',
      },
      {
        file: `${feed}/book-streams.ts`,
        from: 'setInterval(poll, timing.pollMs)',
        to: 'setInterval(() => undefined, timing.pollMs)',
      },
    ],
    breaks: ['live', 'complete'],
  },
  {
    name: 'events come twice where history and live events meet',
    edits: [
      ...littleKept.edits,
      {
        file: `${feed}/live-accounts.ts`,
        from: 'eventsAfter(chunk, position.sequence)',
        to: 'eventsAfter(chunk, 0 as typeof position.sequence)',
      },
    ],
    breaks: ['unique', 'ordered', 'start', 'resumable'],
  },
  {
    name: 'what the ring has forgotten is skipped',
    edits: [
      ...littleKept.edits,
      {
        file: `${feed}/live-events.ts`,
        from: 'sequence >= ring.start().sequence',
        to: 'sequence >= 0',
      },
    ],
    breaks: ['complete', 'resumable'],
  },
  {
    name: 'a list that has overflowed loses its events',
    edits: [
      ...littleKept.edits,
      {
        // Every reader is slow: on a quick machine no list would ever overflow. No bug by itself.
        file: `${feed}/watch-history.ts`,
        from: '      if (next !== undefined) yield next;',
        to: `      if (next !== undefined) {
        yield next;
        await new Promise((resolve) => setTimeout(resolve, 40));
      }`,
      },
      {
        file: `${feed}/live-accounts.ts`,
        from: `        clear();
        isOverflowed = true;`,
        to: '        clear();',
      },
    ],
    breaks: ['complete', 'bookmarked'],
  },
  {
    name: 'streams of other accounts share what was made for one',
    edits: [
      {
        file: `${feed}/live-accounts.ts`,
        from: 'return JSON.stringify([scope.kind, whose, ...customer, kindsKey(kinds)]);',
        to: 'return typeof [scope.kind, whose, ...customer, kindsKey(kinds)];',
      },
    ],
    breaks: ['filtered', 'complete', 'start', 'ordered'],
  },
  {
    name: 'an account that is made for a customer is not followed',
    edits: [
      {
        file: `${feed}/live-index.ts`,
        from: 'of byCustomerId.get(customerId) ?? []) addAccount(',
        to: 'of byCustomerId.get(`not ${customerId}`) ?? []) addAccount(',
      },
    ],
    breaks: ['complete', 'bookmarked', 'balance', 'resumable'],
  },
  {
    name: 'a balance is told with the sequence of an older one',
    edits: [
      {
        file: `${feed}/balance-sheet.ts`,
        from: '...change, sequence: event.sequence };',
        to: '...change };',
      },
    ],
    breaks: ['balance'],
  },
  {
    name: 'an access token sees the entries of others',
    edits: [
      {
        file: 'apps/ledger/src/view/redact-event.ts',
        from: 'own.has(',
        to: 'Boolean(own) || own.has(',
      },
    ],
    breaks: ['filtered', 'atomic'],
  },
];

export const planted: readonly Planted[] = [littleKept, ...plantedBugs];
