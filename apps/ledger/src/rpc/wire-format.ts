// How an answer is encoded, from the content type that asked for it.
import type { HandlerContext } from '@connectrpc/connect';
import type { WireFormat } from '@scrip/codec';

/** A call. The fast path knows its encoding before it has made headers of the web. */
type AskedCall = Pick<HandlerContext, 'requestHeader'> & { readonly isBinary?: boolean };

/** JSON where the content type says so; every protocol has its own way to. */
export function wireFormatOf(call: AskedCall): WireFormat {
  const { isBinary = !saysJson(call.requestHeader) } = call;
  return isBinary ? 'binary' : 'json';
}

function saysJson(header: Headers): boolean {
  return /[/+]json\b/i.test(header.get('content-type') ?? '');
}
