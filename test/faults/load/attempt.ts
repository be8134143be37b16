// One attempt of one call, recorded: what was asked, when, and what the client knows afterwards.
import type { RefusalAnswer } from '../history/answer.ts';
import { isWrite, type Call } from '../history/call.ts';
import type { Operation, OutcomeKind } from '../history/operation.ts';
import type { Recorder } from '../history/recorder.ts';
import { codesByReason, nothingWrittenReasons } from '../model/verdict.ts';
import type { Api, CallTerms, Reply } from './api.ts';

export type Attempt = {
  readonly outcome: OutcomeKind;
  /** The answer, when there is one. */
  readonly answer: unknown;
  readonly reason: string;
  readonly sequence: number | undefined;
};

/** Who makes a call: a client by its number, perhaps with terms of its own. */
export type Caller = number | ({ readonly client: number; readonly apiKeyId?: string } & CallTerms);

export type Attempts = {
  /** Makes one attempt for a client and records it. */
  readonly make: (caller: Caller, api: Api, call: Call) => Promise<Attempt>;
  /** Calls that have no answer yet. */
  readonly inFlightCount: () => number;
  readonly unknownCount: () => number;
  /** Attempts that are over and were not told to have failed. */
  readonly judgedCount: () => number;
  /** Writes that were answered. */
  readonly acceptedCount: () => number;
};

/** Counts the attempts of a run and records each when it is over. */
export function createAttempts(recorder: Recorder): Attempts {
  let id = 0;
  let inFlight = 0;
  let unknown = 0;
  let accepted = 0;
  let judged = 0;
  return {
    make: async (caller, api, call) => {
      const {
        client,
        apiKeyId = '',
        ...terms
      } = typeof caller === 'number' ? { client: caller } : caller;
      id += 1;
      const own = id;
      inFlight += 1;
      const invokedUs = nowUs();
      const reply = await api.call(call, terms);
      const returnedUs = nowUs();
      inFlight -= 1;
      const { answerText: whole, replay, ...attempt } = understand(reply);
      if (attempt.outcome === 'unknown') unknown += 1;
      if (attempt.outcome !== 'failed') judged += 1;
      if (attempt.outcome === 'ok' && changesBook(call)) accepted += 1;
      const { outcome, sequence } = attempt;
      const { method } = call;
      const requestText = JSON.stringify(call.request);
      const answerText = method === 'CreateApiKey' ? withoutKeyText(whole) : whole;
      const facts = { client, id: own, method, invokedUs, returnedUs, outcome, replay, sequence };
      recorder.append({ ...facts, apiKeyId, requestText, answerText } satisfies Operation);
      return attempt;
    },
    inFlightCount: () => inFlight,
    unknownCount: () => unknown,
    judgedCount: () => judged,
    acceptedCount: () => accepted,
  };
}

function changesBook(call: Call): boolean {
  return isWrite(call) || call.method === 'PostBatch';
}

/** The text of a key opens a book; a history may be kept and shown. */
function withoutKeyText(answerText: string): string {
  return answerText.replace(/"apiKey":\s*"[^"]*"/, '"apiKey":""');
}

/** Microseconds of the one monotonic clock of this process. */
function nowUs(): number {
  return Math.round(performance.now() * 1_000);
}

type Understood = Attempt & { readonly answerText: string; readonly replay: boolean };

function understand(reply: Reply): Understood {
  if (reply.kind !== 'answered') {
    const outcome = reply.kind === 'unsent' ? 'failed' : 'unknown';
    return refused(outcome, { code: '', reason: reply.reason, metadata: {} });
  }
  const body = parse(reply.text);
  if (body === undefined) {
    return refused('unknown', { code: '', reason: `HTTP ${reply.status}`, metadata: {} });
  }
  if (reply.status !== 200) return ofError(body);
  const told = (body as { readonly sequence?: string }).sequence;
  const sequence = told === undefined ? undefined : Number(told);
  const { text: answerText, isReplay: replay } = reply;
  return { outcome: 'ok', answer: body, reason: '', sequence, answerText, replay };
}

function parse(text: string): object | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}

/** An error of the Connect protocol; Scrip's detail comes readable beside its bytes. */
type ErrorBody = {
  readonly code?: string;
  readonly details?: readonly {
    readonly debug?: {
      readonly reason?: string;
      readonly metadata?: Readonly<Record<string, string>>;
    };
  }[];
};

function ofError({ code = '', details = [] }: ErrorBody): Understood {
  const detail = details[0]?.debug;
  const reason = (detail?.reason ?? '').replace('ERROR_REASON_', '');
  return refused(outcomeOf(reason), { code, reason, metadata: detail?.metadata ?? {} });
}

function outcomeOf(reason: string): OutcomeKind {
  if (nothingWrittenReasons.has(reason)) return 'failed';
  return reason in codesByReason ? 'refused' : 'unknown';
}

function refused(outcome: OutcomeKind, answer: RefusalAnswer): Understood {
  const told = answer.metadata['sequence'];
  const sequence = told === undefined || outcome !== 'refused' ? undefined : Number(told);
  const answerText = JSON.stringify(answer);
  return { outcome, answer, reason: answer.reason, sequence, answerText, replay: false };
}
