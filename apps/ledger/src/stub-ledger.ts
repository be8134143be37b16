// A ledger for tests: keys and a book in memory, an engine and a reader that answer as told.
import { createClient, type Client, type Transport } from '@connectrpc/connect';
import { Health, LedgerService } from '@scrip/contract';
import { CouponService } from '@scrip/contract/coupons';
import type {
  Book,
  CouponReader,
  Engine,
  Feed,
  FeedHub,
  LedgerReader,
  Mode,
  TermsReader,
} from '@scrip/engine';
import { createIds, instantFromMs, type BookEvent, type Sequence } from '@scrip/kernel';
import { createLog, type Log } from '@scrip/runtime';
import { createApiKey, digestApiKey, scopes } from './auth/api-key.ts';
import type { KnownKey } from './auth/known-key.ts';
import { createLedger, type Ledger, type LedgerLimits, type LedgerOptions } from './compose.ts';

const idKey = new Uint8Array(32).fill(1);
const book: Book = {
  id: 1,
  storeId: 'sto_00000000001',
  mode: 'test',
  idKey,
  ids: createIds(idKey),
};

const signingKey = { id: 'sgn_1', secret: new Uint8Array(32).fill(7) };

export type StubOptions = {
  readonly submit?: Engine['submit'];
  readonly submitBatch?: Engine['submitBatch'];
  readonly reader?: Partial<LedgerReader>;
  readonly terms?: Partial<TermsReader>;
  readonly coupons?: Partial<CouponReader>;
  readonly feed?: Partial<Pick<Feed, 'watchHistory' | 'watchBalances'>>;
  readonly limits?: Partial<LedgerLimits>;
  readonly isAllowedOrigin?: (origin: string) => boolean;
  readonly fastPath?: boolean;
  readonly ping?: () => Promise<void>;
  /** Waited for before a key is found. */
  readonly beforeFind?: () => Promise<void>;
};

/** A ledger, its log, and keys that it knows. */
export type StubLedger = {
  readonly ledger: Ledger;
  readonly transport: Transport;
  readonly client: Client<typeof LedgerService>;
  readonly coupons: Client<typeof CouponService>;
  readonly health: Client<typeof Health>;
  /** Makes a key with these scopes; all of them when none are named. */
  addKey(key?: Partial<KnownKey>): string;
  revoke(apiKey: string): void;
  /** The lines of the log so far. */
  lines(): readonly Record<string, unknown>[];
  readonly keyLookups: () => number;
};

/** Makes a ledger whose engine accepts every command as the event `credited`. */
export function createStubLedger(options: StubOptions = {}): StubLedger {
  const keys = new Map<string, KnownKey>();
  const { log, lines } = recordingLog();
  let lookups = 0;
  const find = async (digest: Uint8Array) => {
    lookups++;
    await options.beforeFind?.();
    return keys.get(Buffer.from(digest).toString('hex'));
  };
  const database = {
    reader: options.reader,
    apiKeys: { findByDigest: find, findById: findKeyById(keys) },
    stores: { findBook: async (_storeId: string, mode: Mode) => ({ ...book, mode }) },
    signingKeys: { newest: async () => signingKey, find: async () => signingKey },
    dueSource: { findDue: async () => [] },
    terms: options.terms,
    coupons: options.coupons,
    ping: options.ping ?? (async () => undefined),
  } as unknown as LedgerOptions['database'];
  const engine = {
    submit: options.submit ?? (async () => credited),
    submitBatch:
      options.submitBatch ?? (async (_book, { commands }) => commands.map(() => credited)),
    waitingCount: () => 0,
    close: async () => undefined,
  };
  const feed = createStubFeed(options.feed);
  const { limits = {}, isAllowedOrigin = () => false, fastPath = true } = options;
  const served = { limits, isAllowedOrigin, fastPath };
  const ledger = createLedger({ database, engine, feed, log, ...served });
  const transport = ledger.createTransport();
  const nameOf = (apiKey: string) => Buffer.from(digestApiKey(apiKey)).toString('hex');
  return {
    ledger,
    transport,
    client: createClient(LedgerService, transport),
    coupons: createClient(CouponService, transport),
    health: createClient(Health, transport),
    addKey: (key = {}) => {
      const secret = new Uint8Array(32).fill(keys.size + 1);
      const { apiKey } = createApiKey({ mode: 'test', secret });
      keys.set(nameOf(apiKey), { id: `key_${keys.size}`, ...ownerOf(book), scopes, ...key });
      return apiKey;
    },
    revoke: (apiKey) => {
      const key = keys.get(nameOf(apiKey));
      if (key !== undefined) keys.set(nameOf(apiKey), { ...key, revokedAt: 1 });
    },
    lines,
    keyLookups: () => lookups,
  };
}

function findKeyById(keys: ReadonlyMap<string, KnownKey>) {
  return async (id: string) => [...keys.values()].find((key) => key.id === id);
}

// Streams of nothing, unless they are told otherwise.
function createStubFeed(feed: StubOptions['feed']): FeedHub {
  const nothing = async function* (): AsyncIterable<never> {};
  return {
    watchHistory: nothing,
    watchBalances: nothing,
    watcherCount: () => 0,
    size: () => ({ bookCount: 0, watchedCount: 0, ringByteCount: 0 }),
    publish: () => undefined,
    nudge: () => undefined,
    close: () => undefined,
    ...feed,
  };
}

/** A request that is well-formed. */
export const creditRequest = {
  account: { ref: { case: 'id', value: 'cca_00000000001' } },
  amount: '5',
  reference: 'order 1',
  idempotencyKey: 'k1',
} as const;

const moment = { sequence: 7 as Sequence, createdAt: instantFromMs(1_700_000_000_123) };
const event: BookEvent = {
  ...moment,
  idempotencyKey: 'k1',
  change: {
    kind: 'transaction_posted',
    posting: {
      transaction: {
        id: book.ids.transactionId(moment.sequence, moment.createdAt),
        kind: 'credit',
        reference: 'order 1',
        idempotencyKey: 'k1',
        unit: { label: 'credits', scale: 0 },
        entries: [
          {
            id: book.ids.entryId(moment.sequence, moment.createdAt, 0),
            accountId: book.ids.accountId(1 as Sequence, moment.createdAt),
            side: 'credit',
            amount: 5n,
            balanceAfter: 10n ** 38n,
          },
        ],
        ...moment,
      },
      counterpart: 'issued',
    },
  },
};

/** What the engine answers unless it is told otherwise. */
export const credited = { kind: 'accepted', event, sequence: moment.sequence } as const;

function ownerOf({ storeId, mode }: Book): Pick<KnownKey, 'storeId' | 'mode'> {
  return { storeId, mode };
}

function recordingLog(): { log: Log; lines: () => readonly Record<string, unknown>[] } {
  const written: string[] = [];
  const log = createLog({ level: 'debug', stream: { write: (line) => void written.push(line) } });
  return {
    log,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
