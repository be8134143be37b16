// Calls the API in the Connect protocol with JSON over plain HTTP: no client library, no retry.
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isKeyCall, type Call } from '../history/call.ts';

/** What came back, or what happened to the connection. */
export type Reply =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly isReplay: boolean;
      readonly text: string;
    }
  | { readonly kind: 'unsent' | 'lost'; readonly reason: string };

/** What a call may have of its own. */
export type CallTerms = {
  /** The text of another key than that of the run. */
  readonly apiKey?: string;
  /** A deadline of its own, in milliseconds. */
  readonly timeoutMs?: number;
};

export type Api = {
  readonly call: (call: Call, terms?: CallTerms) => Promise<Reply>;
  readonly close: () => void;
};

export type ApiOptions = {
  readonly url: string;
  readonly apiKey: string;
  /** What the server is told, in milliseconds; the client waits a second longer. */
  readonly timeoutMs: number;
};

const ledgerService = 'scrip.ledger.v1.LedgerService';
const adminService = 'scrip.admin.v1.AdminService';

/** Opens one address of the API. Connections are kept and made as needed. */
export function createApi({ url, apiKey, timeoutMs }: ApiOptions): Api {
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === 'https:';
  const agent = new (isTls ? HttpsAgent : Agent)({ keepAlive: true });
  const send = isTls ? httpsRequest : httpRequest;
  const headers = {
    'content-type': 'application/json',
    'connect-protocol-version': '1',
  };
  const call = async (what: Call, terms: CallTerms = {}): Promise<Reply> => {
    const { method, request } = what;
    const service = isKeyCall(what) ? adminService : ledgerService;
    const body = JSON.stringify(request);
    const own = {
      'connect-timeout-ms': String(terms.timeoutMs ?? timeoutMs),
      'x-api-key': terms.apiKey ?? apiKey,
      'content-length': Buffer.byteLength(body),
    };
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const outgoing = send({
      agent,
      hostname,
      port,
      method: 'POST',
      path: `/${service}/${method}`,
      headers: { ...headers, ...own },
      timeout: timeoutMs + 1_000,
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('client timeout')));
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code ?? error.message;
      resolve({ kind: reason === 'ECONNREFUSED' ? 'unsent' : 'lost', reason });
    });
    outgoing.on('response', (response) => void read(response).then(resolve));
    outgoing.end(body);
    return promise;
  };
  return { call, close: () => agent.destroy() };
}

async function read(response: IncomingMessage): Promise<Reply> {
  try {
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece as Buffer);
    return {
      kind: 'answered',
      status: response.statusCode ?? 0,
      isReplay: response.headers['scrip-idempotent-replay'] === 'true',
      text: Buffer.concat(pieces).toString('utf8'),
    };
  } catch (error) {
    return { kind: 'lost', reason: (error as NodeJS.ErrnoException).code ?? 'cut' };
  }
}
