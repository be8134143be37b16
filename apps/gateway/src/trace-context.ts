// The trace of a caller, as W3C Trace Context has it: passed on to the ledger as it came.
import type { IncomingHttpHeaders } from 'node:http';

const traceParent = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;
const member = String.raw`[a-z\d][a-z\d_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}`;
const traceState = new RegExp(`^${member}(?:[ \\t]*,[ \\t]*${member}){0,31}$`);
/** Longer ones may be dropped, says the standard. */
const traceStateLengthMax = 512;

/**
 * The headers that tell the ledger in which trace it is called; none when the caller sent none, or
 * something else by that name. A state without its trace tells nothing.
 */
export function traceHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string' || !traceParent.test(traceparent)) return {};
  if (typeof tracestate !== 'string' || !isTraceState(tracestate)) return { traceparent };
  return { traceparent, tracestate };
}

function isTraceState(text: string): boolean {
  return text.length <= traceStateLengthMax && traceState.test(text);
}
