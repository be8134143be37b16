// Calls of the Accounts API over HTTP, as curl would make them, on a store of their own.
import { createScripAdminClient } from '@scrip/client/node';
import type { GatewayServer } from './gateway-server.ts';

/** An answer: its status, its body as text and as JSON, and whether it is a replay. */
export type Answered = {
  readonly status: number;
  readonly text: string;
  readonly json: Json;
  readonly replay: string | null;
};

export type Json = { readonly [name: string]: JsonValue };
type JsonValue = string | number | boolean | null | Json | readonly JsonValue[];

type Sent = {
  /** An object, or JSON as text where its numbers matter. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type DevCaller = {
  readonly get: (path: string) => Promise<Answered>;
  readonly post: (path: string, body: object | string, key?: string) => Promise<Answered>;
  /** Makes an account with these credits; gives its id. */
  readonly createAccount: (externalId: string, credits?: number | string) => Promise<string>;
  /** Moves the clock of the book. */
  readonly advanceClock: (seconds: number) => Promise<void>;
  readonly apiKey: string;
};

/** Makes a store and what calls it. */
export async function createDevCaller(
  server: GatewayServer,
  ledgerUrl: string,
): Promise<DevCaller> {
  const { apiKey } = await server.createStore();
  const ask = async (path: string, { body, headers = {} }: Sent = {}): Promise<Answered> => {
    const sent = { 'x-api-key': apiKey, ...headers };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const posted = { ...sent, 'content-type': 'application/json' };
    const init =
      body === undefined ? { headers: sent } : { method: 'POST', headers: posted, body: text };
    const response = await fetch(`${server.url}/v1${path}`, init);
    const answer = await response.text();
    const replay = response.headers.get('x-idempotent-replay');
    return { status: response.status, text: answer, json: JSON.parse(answer) as Json, replay };
  };
  const get: DevCaller['get'] = (path) => ask(path);
  const post: DevCaller['post'] = (path, body, key) =>
    ask(path, { body, ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }) });
  const createAccount: DevCaller['createAccount'] = async (externalId, credits) => {
    const { json } = await post('/accounts/create', { externalId });
    if (credits !== undefined) {
      await post('/accounts/credits/add', { externalId, amount: credits });
    }
    return textAt(json, 'account', 'id');
  };
  const advanceClock: DevCaller['advanceClock'] = async (seconds) => {
    const admin = createScripAdminClient({ baseUrl: ledgerUrl, apiKey });
    await admin.advanceClock({ by: { seconds: BigInt(seconds) } });
  };
  return { get, post, createAccount, advanceClock, apiKey };
}

/** A text somewhere in an answer. */
export function textAt(json: JsonValue, ...path: readonly string[]): string {
  let value: JsonValue = json;
  for (const name of path) value = (value as Json)[name] ?? null;
  if (typeof value !== 'string') throw new Error(`there is no text at ${path.join('.')}`);
  return value;
}
