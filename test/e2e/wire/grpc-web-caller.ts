// gRPC-Web over fetch, framed by hand: five bytes of flag and length before each frame, the last
// of which holds the trailers.

import type { Caller, Outcome } from './caller.ts';
import { decodeErrorDetail, methodOf, toJson, toMessage } from './proto.ts';
import { codeNames, refusalOf } from './refusal.ts';

type Frame = { readonly isTrailer: boolean; readonly bytes: Buffer };

const trailerFlag = 0x80;

/** A caller over gRPC-Web with binary frames. */
export function createGrpcWebCaller(ledgerUrl: string, defaultKey: string): Caller {
  return async (method, request, { apiKey = defaultKey, headers = {} } = {}) => {
    const { path, requestSerialize, responseDeserialize } = methodOf(method);
    const response = await fetch(`${ledgerUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/grpc-web+proto',
        'x-grpc-web': '1',
        ...(apiKey === '' ? {} : { 'x-api-key': apiKey }),
        ...headers,
      },
      body: frame(requestSerialize(toMessage(request))),
    });
    const frames = readFrames(Buffer.from(await response.arrayBuffer()));
    const message = frames.find(({ isTrailer }) => !isTrailer);
    const trailers = trailersOf(frames, response.headers);
    const decoded = message === undefined ? {} : toJson(responseDeserialize(message.bytes));
    return outcomeOf(decoded, trailers, response.headers);
  };
}

function outcomeOf(answer: Outcome['answer'], trailers: Headers, headers: Headers): Outcome {
  const facts = {
    isReplay: headers.get('scrip-idempotent-replay') === 'true',
    requestId: headers.get('scrip-request-id') ?? trailers.get('scrip-request-id') ?? '',
  };
  const code = codeNames[Number(trailers.get('grpc-status') ?? Number.NaN)] ?? 'no status';
  if (code === 'ok') return { code, answer, ...facts };
  const details = trailers.get('grpc-status-details-bin');
  const detail = details === null ? {} : decodeErrorDetail(Buffer.from(details, 'base64'));
  const message = decodeURIComponent(trailers.get('grpc-message') ?? '');
  return { code, answer: {}, message, ...facts, ...refusalOf(detail) };
}

function frame(message: Buffer): Uint8Array<ArrayBuffer> {
  const framed = new Uint8Array(5 + message.length);
  new DataView(framed.buffer).setUint32(1, message.length);
  framed.set(message, 5);
  return framed;
}

function readFrames(body: Buffer): readonly Frame[] {
  const frames: Frame[] = [];
  for (let offset = 0; offset < body.length;) {
    const end = offset + 5 + body.readUInt32BE(offset + 1);
    const isTrailer = (body.readUInt8(offset) & trailerFlag) !== 0;
    frames.push({ isTrailer, bytes: body.subarray(offset + 5, end) });
    offset = end;
  }
  return frames;
}

/** Trailers come in their frame, or as headers when there is nothing else to say. */
function trailersOf(frames: readonly Frame[], headers: Headers): Headers {
  const trailer = frames.find(({ isTrailer }) => isTrailer);
  if (trailer === undefined) return headers;
  const lines = trailer.bytes.toString('latin1').split('\r\n').filter(Boolean);
  return new Headers(lines.map((line) => splitOnce(line, ':')));
}

function splitOnce(line: string, mark: string): [string, string] {
  const place = line.indexOf(mark);
  return [line.slice(0, place), line.slice(place + 1).trim()];
}
