// A connection that is lost under a call is `unavailable`, whatever the transport calls it. Wraps a
// transport; removable.
import { Code, ConnectError, type Transport } from '@connectrpc/connect';

/**
 * Wraps a transport so that a unary call whose connection broke before the whole answer was here
 * fails as `unavailable`. Node says `canceled` or `aborted` then, though nobody has ended the call,
 * and `fetch` has no word for it.
 */
export function withLostConnections(transport: Transport): Transport {
  const unary: Transport['unary'] = async (method, signal, ...rest) => {
    try {
      return await transport.unary(method, signal, ...rest);
    } catch (thrown) {
      if (signal?.aborted === true || !isLost(thrown)) throw thrown;
      const { rawMessage, metadata } = thrown;
      throw new ConnectError(rawMessage, Code.Unavailable, metadata, undefined, thrown);
    }
  };
  return { unary, stream: transport.stream.bind(transport) };
}

/** Whether it is of this side of the wire, and no answer: the signal has not ended it either. */
function isLost(thrown: unknown): thrown is ConnectError {
  if (!(thrown instanceof ConnectError) || thrown.isWireError) return false;
  switch (thrown.code) {
    case Code.Canceled:
    case Code.Aborted:
      return true;
    case Code.Unknown:
      return thrown.cause instanceof TypeError;
    default:
      return false;
  }
}
