// A proxy before PostgreSQL that holds a flush at any of its steps, so that a fault can be done to
// it exactly there.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { backendPidOf, createBackendReader, endsAnswer } from './backend-messages.ts';
import {
  createFrontendReader,
  endsStatement,
  type FrontendMessage,
  type Meaning,
} from './frontend-messages.ts';

/** What a flush asks of PostgreSQL, in this order: the lock, look-ups, the write, the COMMIT. */
export type Step = 'lock' | 'look-up' | 'write' | 'commit';

/** `asked`: seen and not forwarded; `sent`: forwarded, not answered; `answered`: not passed on. */
export type Moment = { readonly step: Step; readonly when: 'asked' | 'sent' | 'answered' };

/** What the connection does when the fault is over. */
export type Afterwards = 'go on' | 'cut';

export type Break = Moment & {
  /** Done while the connection is held. Gets the process that serves it. */
  readonly act: (backendPid: number) => Promise<Afterwards>;
};

export type StepProxy = {
  readonly port: number;
  /** Holds the next flush of any connection at the moment; resolves when the act is over. */
  readonly breakNext: (breakpoint: Break) => Promise<void>;
  /** Cuts every connection there is. */
  readonly cutAll: () => void;
  readonly close: () => Promise<void>;
};

type Waiting = Break & {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** Starts the proxy on a free port. `target` is asked at each connection for the socket's path. */
export async function startStepProxy(target: () => string): Promise<StepProxy> {
  const waiting: Waiting[] = [];
  const sockets = new Set<Socket>();
  const take = (moment: Moment): Waiting | undefined => {
    const [first] = waiting;
    if (first?.step !== moment.step || first.when !== moment.when) return undefined;
    return waiting.shift();
  };
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer({ noDelay: true }, (client) => {
    const backend = connect(target());
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    join({ client, backend, take });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    breakNext: (breakpoint) => {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      waiting.push({ ...breakpoint, resolve: () => resolve(undefined), reject });
      return promise;
    },
    cutAll,
    close: async () => {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}

type Pair = {
  readonly client: Socket;
  readonly backend: Socket;
  readonly take: (moment: Moment) => Waiting | undefined;
};

function join({ client, backend, take }: Pair): void {
  const [asks, answers] = [createFrontendReader(), createBackendReader()];
  const flush = createFlushWatch();
  const end = (): void => {
    client.destroy();
    backend.destroy();
  };
  let backendPid = 0;
  // What comes while the connection is held waits behind it, in its order, both ways.
  const lane = createLane();
  const reach = async (moment: Moment | undefined): Promise<void> => {
    const found = moment && take(moment);
    if (found === undefined) return;
    try {
      if ((await found.act(backendPid)) === 'cut') end();
      found.resolve();
    } catch (error) {
      end();
      found.reject(error);
    }
  };
  const ask = async ({ bytes, meaning }: FrontendMessage): Promise<void> => {
    const step = flush.see(meaning);
    await reach(step && { step, when: 'asked' });
    if (!backend.destroyed) backend.write(bytes);
  };
  client.on('data', (chunk) => {
    for (const message of asks.read(chunk)) {
      lane.add(() => ask(message));
      // A statement is sent whole once the message after it, the Sync, is on its way.
      if (endsStatement(message)) lane.add(() => reach(flush.sent()));
    }
  });
  backend.on('data', (chunk) => {
    for (const message of answers.read(chunk)) {
      backendPid = backendPidOf(message) ?? backendPid;
      lane.add(async () => {
        if (endsAnswer(message)) await reach(flush.answered());
        if (!client.destroyed) client.write(message.bytes);
      });
    }
  });
  for (const socket of [client, backend]) socket.on('error', end).on('close', end);
}

const stepsByMeaning: Readonly<Partial<Record<Meaning, Step>>> = {
  locks: 'lock',
  reads: 'look-up',
  writes: 'write',
  commits: 'commit',
};

/**
 * Follows a flush: a look-up counts under the lock alone, a COMMIT after a write alone. A write may
 * come without a lock, which it then takes itself. Statements come without waiting for each other's
 * answers, which are in the same order.
 */
function createFlushWatch() {
  let hasBegun = false;
  let hasLocked = false;
  let hasWritten = false;
  let asked: Step | undefined;
  const unanswered: (Step | undefined)[] = [];
  const isOfFlush = (step: Step): boolean => {
    if (step === 'commit') return hasWritten;
    return step === 'look-up' ? hasLocked : hasBegun;
  };
  return {
    see: (meaning: Meaning): Step | undefined => {
      if (meaning === 'begins') [hasBegun, hasLocked, hasWritten] = [true, false, false];
      if (meaning === 'commits') hasBegun = false;
      const step = stepsByMeaning[meaning];
      if (step === undefined || !isOfFlush(step)) return undefined;
      if (step === 'lock') hasLocked = true;
      if (step === 'write') hasWritten = true;
      asked = step;
      return step;
    },
    sent: (): Moment | undefined => {
      const step = asked;
      asked = undefined;
      unanswered.push(step);
      return step && { step, when: 'sent' };
    },
    answered: (): Moment | undefined => {
      const step = unanswered.shift();
      return step && { step, when: 'answered' };
    },
  };
}

/** Does one thing after another. */
function createLane() {
  let last = Promise.resolve();
  return {
    add: (work: () => Promise<void>): void => {
      last = last.then(work);
    },
  };
}
