// gRPC-Web by hand over bare HTTP/2, each stream on a connection of its own. Nothing is taken from
// the socket beyond what is read, so that a reader that stops reading stops the server's sending.
import { once } from 'node:events';
import { connect, type ClientHttp2Stream } from 'node:http2';
import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { findTrailerError } from '@connectrpc/connect/protocol-grpc';
import { LedgerService } from '@scrip/contract';
import type { StreamCall, Streams } from './streams.ts';

const trailerFlag = 0x80;
const prefixLength = 5;

export const bareStreams: Streams = {
  watchHistory: (request, call) => openStream(LedgerService.method.watchHistory, { request, call }),
  watchBalances: (request, call) =>
    openStream(LedgerService.method.watchBalances, { request, call }),
};

type Method<I extends DescMessage, O extends DescMessage> = {
  readonly name: string;
  readonly input: I;
  readonly output: O;
};

async function* openStream<I extends DescMessage, O extends DescMessage>(
  { name, input, output }: Method<I, O>,
  { request, call }: { readonly request: MessageShape<I>; readonly call: StreamCall },
): AsyncIterable<MessageShape<O>> {
  const session = connect(call.url);
  session.on('error', () => undefined);
  const stream = session.request({
    ':method': 'POST',
    ':path': `/${LedgerService.typeName}/${name}`,
    'content-type': 'application/grpc-web+proto',
    ...call.headers,
  });
  const end = (): void => session.destroy();
  call.signal.addEventListener('abort', end);
  try {
    stream.end(framed(toBinary(input, request)));
    await failEarly(stream);
    for await (const { flag, bytes } of framesOf(stream)) {
      if ((flag & trailerFlag) === 0) yield fromBinary(output, bytes);
      else throwTrailer(bytes);
    }
    throw new ConnectError('The stream broke.', Code.Unavailable);
  } catch (error) {
    throw error instanceof ConnectError ? error : new ConnectError(String(error), Code.Unavailable);
  } finally {
    call.signal.removeEventListener('abort', end);
    session.destroy();
  }
}

/** An error without any message comes in the headers alone. */
async function failEarly(stream: ClientHttp2Stream): Promise<void> {
  const [headers = {}] = await Promise.race([
    once(stream, 'response') as Promise<[Readonly<Record<string, string>>]>,
    once(stream, 'close').then((): [] => []),
  ]);
  const fields = Object.entries(headers).filter(([name]) => !name.startsWith(':'));
  const error = findTrailerError(new Headers(fields.map(([name, value]) => [name, String(value)])));
  if (error !== undefined) throw error;
}

async function* framesOf(
  stream: ClientHttp2Stream,
): AsyncIterable<{ readonly flag: number; readonly bytes: Buffer }> {
  let unread = Buffer.alloc(0);
  for await (const piece of stream as AsyncIterable<Buffer>) {
    unread = Buffer.concat([unread, piece]);
    while (unread.length >= prefixLength) {
      const end = prefixLength + unread.readUInt32BE(1);
      if (unread.length < end) break;
      yield { flag: unread.readUInt8(0), bytes: unread.subarray(prefixLength, end) };
      unread = unread.subarray(end);
    }
  }
}

function throwTrailer(bytes: Buffer): never {
  const lines = bytes.toString('latin1').split('\r\n').filter(Boolean);
  const trailer = new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  throw findTrailerError(trailer) ?? new ConnectError('The stream is over.', Code.Aborted);
}

function framed(bytes: Uint8Array): Buffer {
  const prefix = Buffer.alloc(prefixLength);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}
