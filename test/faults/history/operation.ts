// One call as a client saw it, and the line of a history file that keeps it.
import type { Call, Method } from './call.ts';

/**
 * What a client knows afterwards. `failed`: told that nothing was written, or the call was never
 * sent. `unknown`: it may or may not have happened, now or later.
 */
export type OutcomeKind = 'ok' | 'refused' | 'failed' | 'unknown';

/** One attempt of one call. All instants come from one monotonic clock. */
export type Operation = {
  readonly client: number;
  /** Counts the attempts of the whole run from 1. */
  readonly id: number;
  readonly method: Method;
  readonly invokedUs: number;
  readonly returnedUs: number;
  readonly outcome: OutcomeKind;
  /** The answer was marked as a replay. */
  readonly replay: boolean;
  /** The sequence that the answer or the refusal told. */
  readonly sequence: number | undefined;
  /** The id of the key that the call was made with; empty for the key of the run. */
  readonly apiKeyId: string;
  /** The request as it was sent, in JSON. */
  readonly requestText: string;
  /** The whole answer, or the reason and its metadata, in JSON. */
  readonly answerText: string;
};

/** The first line of a history: where and how it was made. */
export type HistoryHead = {
  readonly version: 2;
  /** Every name that the run made begins with it. */
  readonly run: string;
  readonly seed: number;
  /** The head of the book before the run. Nobody else may write the book during it. */
  readonly baseSequence: number;
};

/** The client number of the calls that settle and read back at the end. */
export const auditor = -1;

/** Gives the call of an operation. */
export function callOf({ method, requestText }: Operation): Call {
  return { method, request: JSON.parse(requestText) as unknown } as Call;
}

const columnCount = 11;

/** One line: nine columns of one shape, then request and answer, in which no tab can occur. */
export function toLine(operation: Operation): string {
  const { client, id, method, invokedUs, returnedUs, outcome, replay, sequence } = operation;
  const told = sequence ?? '';
  const { apiKeyId, requestText, answerText } = operation;
  const facts = `${client}\t${id}\t${method}\t${invokedUs}\t${returnedUs}\t${outcome}`;
  const judged = `${replay ? 1 : 0}\t${told}\t${apiKeyId}`;
  return `${facts}\t${judged}\t${requestText}\t${answerText}`;
}

/** Reads a line back; a line that was cut off by a crash is an error. */
export function fromLine(line: string): Operation {
  const parts = line.split('\t');
  if (parts.length !== columnCount) throw new Error(`not a line of a history: ${line}`);
  const [client, id, method, invokedUs, returnedUs, outcome, replay, sequence] = parts;
  return {
    client: Number(client),
    id: Number(id),
    method: method as Method,
    invokedUs: Number(invokedUs),
    returnedUs: Number(returnedUs),
    outcome: outcome as OutcomeKind,
    replay: replay === '1',
    sequence: sequence === '' ? undefined : Number(sequence),
    apiKeyId: parts[8] ?? '',
    requestText: parts[9] ?? '',
    answerText: parts[10] ?? '',
  };
}
