// REST over plain fetch. The text of an answer is kept, so that digits can be looked at.

import type { Json } from './caller.ts';

export type RestAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
};

export type RestRequest = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A text is sent as it stands, anything else as JSON. */
  readonly body?: Json;
  /** Default: the key of the test mode. An empty text sends none. */
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type RestCaller = (path: string, request?: RestRequest) => Promise<RestAnswer>;

/** A caller of the gateway: POST when there is a body, GET otherwise. */
export function createRestCaller(gatewayUrl: string, defaultKey: string): RestCaller {
  return async (path, { method, body, apiKey = defaultKey, headers = {} } = {}) => {
    const response = await fetch(`${gatewayUrl}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(apiKey === '' ? {} : { 'x-api-key': apiKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
