// Two ledgers for tests that differ in one thing: one has the fast path, the other has not.
import { EngineError, type Engine } from '@scrip/engine';
import { refuse, type Sequence } from '@scrip/kernel';
import { createStubLedger, credited, type StubLedger, type StubOptions } from '../stub-ledger.ts';
import { callRaw, type RawAnswer, type RawRequest } from './raw-call.ts';

/** A ledger that listens, with keys that both know. */
type Listening = { readonly stub: StubLedger; readonly baseUrl: string };

export type TwoLedgers = {
  readonly fast: Listening;
  readonly stock: Listening;
  readonly apiKey: string;
  /** A key that may only read. */
  readonly readKey: string;
  /** What each answers to the same request. */
  readonly ask: (
    request: RawRequest,
  ) => Promise<{ readonly fast: RawAnswer; readonly stock: RawAnswer }>;
  readonly close: () => Promise<void>;
};

const sequence = 7 as Sequence;
const short = 'The balance is 1 and does not cover 5.';

/** Answers by the reference of a command: each way that a call can end. */
const submit: Engine['submit'] = async (_book, command) => {
  const reference = 'reference' in command ? command.reference : '';
  switch (reference) {
    case 'refused':
      return {
        kind: 'refused',
        refusal: refuse('INSUFFICIENT_BALANCE', short, { available: '1' }),
        sequence,
      };
    case 'replayed':
      return { ...credited, kind: 'replayed' };
    case 'queue full':
      throw new EngineError('queue_full', { retryAfterMs: 50 });
    case 'unavailable':
      throw new EngineError('unavailable');
    case 'collided':
      throw new EngineError('aborted');
    case 'bug':
      throw new Error('a secret of the house');
    case 'slow':
      // Calls that end early do not wait for it.
      return new Promise(() => undefined);
    default:
      return credited;
  }
};

/** Starts both. */
export async function startTwoLedgers(options: StubOptions = {}): Promise<TwoLedgers> {
  const start = async (fastPath: boolean) => {
    const limits = { messageBytesMax: 4000, graceMs: 200, ...options.limits };
    const stub = createStubLedger({ submit, ...options, limits, fastPath });
    const { host, port } = await stub.ledger.listen({ host: '127.0.0.1', port: 0 });
    const keys = [stub.addKey(), stub.addKey({ scopes: ['ledger:read'] })] as const;
    return { stub, baseUrl: `http://${host}:${port}`, keys };
  };
  const [fast, stock] = await Promise.all([start(true), start(false)]);
  const [apiKey, readKey] = fast.keys;
  return {
    fast,
    stock,
    apiKey,
    readKey,
    ask: async (request) => {
      const [ofFast, ofStock] = await Promise.all([
        callRaw(fast.baseUrl, request),
        callRaw(stock.baseUrl, request),
      ]);
      return { fast: ofFast, stock: ofStock };
    },
    close: async () => {
      await Promise.all([fast.stub.ledger.close(), stock.stub.ledger.close()]);
    },
  };
}
