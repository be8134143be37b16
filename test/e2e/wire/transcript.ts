// What a story said, written down so that the stories of two protocols can be compared.

import type { Caller, Json, JsonObject, Outcome } from './caller.ts';

/** One call of a story: what was asked, and all that came back except the request's own id. */
export type Line = {
  readonly method: string;
  readonly request: JsonObject;
  readonly outcome: Json;
};

export type Transcript = { readonly call: Caller; readonly lines: () => readonly Line[] };

/** Writes down every call made through it. */
export function createTranscript(call: Caller): Transcript {
  const lines: Line[] = [];
  return {
    call: async (method, request, options) => {
      const outcome = await call(method, request, options);
      lines.push({ method, request, outcome: visible(outcome) });
      return outcome;
    },
    lines: () => masked(lines),
  };
}

/** A caller that throws unless the call succeeds, for the steps that are not the point. */
export function succeeding(call: Caller): Caller {
  return async (method, request, options) => {
    const outcome = await call(method, request, options);
    if (outcome.code === 'ok') return outcome;
    throw new Error(`${method}: ${outcome.code} ${outcome.reason ?? ''} ${outcome.message ?? ''}`);
  };
}

function visible({ requestId, ...outcome }: Outcome): Json {
  return { ...outcome, hasRequestId: requestId !== '' };
}

const id = /\b(?:cc[ate]|sto)_[0-9A-Za-z]{11}\b/g;
const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** Ids are numbered in the order in which they appear, and instants are hidden. */
function masked(lines: readonly Line[]): readonly Line[] {
  const names = new Map<string, string>();
  const text = JSON.stringify(lines.map(sorted))
    .replaceAll(instant, '<instant>')
    .replaceAll(/"chainHash":"[^"]*"/g, '"chainHash":"<hash>"')
    .replaceAll(id, (found) => {
      const name = names.get(found) ?? `${found.slice(0, 4)}#${names.size + 1}`;
      names.set(found, name);
      return name;
    });
  return JSON.parse(text) as readonly Line[];
}

/** With the fields of every object in the order of the alphabet, whoever wrote them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(fields.map(([key, field]) => [key, sorted(field)]));
}
