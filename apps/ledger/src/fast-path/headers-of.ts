// The headers of an answer, but for those of its protocol.
import type { OutgoingHttpHeaders } from 'node:http';
import { requestIdKey } from '../call/call-facts.ts';
import { requestIdHeader } from '../interceptors/request-id.ts';
import type { FastCall } from './fast-call.ts';

export type HeaderOptions = {
  /** What every answer says to the browser of a page of this origin, if any. */
  readonly answerHeadersOf: (origin: string | undefined) => Readonly<Record<string, string>>;
};

/** The headers of every answer, and those that the handler set. */
export function headersOf(
  { answerHeadersOf }: HeaderOptions,
  { values, headersSet }: FastCall,
  origin: string | undefined,
): OutgoingHttpHeaders {
  return { [requestIdHeader]: values.get(requestIdKey), ...answerHeadersOf(origin), ...headersSet };
}
