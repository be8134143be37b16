// How an answer is encoded, from the content type that asked for it.
import type { HandlerContext } from '@connectrpc/connect';
import type { WireFormat } from '@scrip/codec';

/** JSON where the content type says so; every protocol has its own way to. */
export function wireFormatOf({ requestHeader }: HandlerContext): WireFormat {
  return /[/+]json\b/i.test(requestHeader.get('content-type') ?? '') ? 'json' : 'binary';
}
