// The documented error body of each façade, and what no caller may ever see.

import { at, type Json } from './caller.ts';
import type { RestAnswer } from './rest-caller.ts';

export type FacadeName = 'creem-credits' | 'credits-dev' | 'creem-commerce';

const inside =
  /\bat .*\(?[\w/.:-]+:\d+:\d+\)?|node_modules|postgres|select |insert |sqlstate|\.ts\b/i;

/** What is wrong with an answer that has to be an error of the façade; empty when it is one. */
export function findFlaws(
  facade: FacadeName,
  { answer, status }: { readonly answer: RestAnswer; readonly status: number },
): readonly string[] {
  const shown = `${answer.status} ${answer.text}`;
  const type = answer.headers.get('content-type') ?? '';
  return [
    ...(answer.status === status ? [] : [`not ${status}: ${shown}`]),
    ...(type.startsWith('application/json') ? [] : [`of type ${type}: ${shown}`]),
    ...(shapes[facade](answer) ? [] : [`not an error of ${facade}: ${shown}`]),
    ...findLeaks(answer.text),
  ];
}

/** The pieces of a text that tell of the inside: stacks, paths, SQL. */
export function findLeaks(text: string): readonly string[] {
  const leak = inside.exec(text);
  return leak === null ? [] : [`shows ${leak[0]}: ${text}`];
}

const shapes: Readonly<Record<FacadeName, (answer: RestAnswer) => boolean>> = {
  'creem-credits': ({ body, headers }) =>
    hasKeys(body, ['error']) &&
    /^(?:invalid_request|authentication)_error$/.test(textIn(body, 'error', 'type')) &&
    /^[a-z_]+$/.test(textIn(body, 'error', 'code')) &&
    textIn(body, 'error', 'message') !== '' &&
    textIn(body, 'error', 'request_id') === headers.get('x-request-id'),
  'credits-dev': ({ body }) =>
    hasKeys(body, ['success', 'error']) &&
    at(body, 'success') === false &&
    /^[a-z_]+$/.test(textIn(body, 'error', 'code')) &&
    textIn(body, 'error', 'message') !== '',
  'creem-commerce': ({ body, status }) =>
    hasKeys(body, ['trace_id', 'status', 'error', 'message', 'timestamp']) &&
    at(body, 'status') === status &&
    textIn(body, 'trace_id') !== '' &&
    textIn(body, 'error') !== '' &&
    textIn(body, 'message', 0) !== '' &&
    typeof at(body, 'timestamp') === 'number',
};

function hasKeys(body: Json, keys: readonly string[]): boolean {
  return Object.keys(body ?? {}).join() === keys.join();
}

function textIn(body: Json, ...path: readonly (string | number)[]): string {
  const found = at(body, ...path);
  return typeof found === 'string' ? found : '';
}
