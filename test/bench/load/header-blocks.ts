// As much of HPACK (RFC 7541) as a load generator needs. Requests say their headers once for each
// connection and name them by number from then on, as any client does. Answers are asked for
// without such numbers, so that their status is found where it is.
import type { Protocol } from './load.ts';

const contentTypes: Readonly<Record<Protocol, string>> = {
  connect: 'application/proto',
  'connect-json': 'application/json',
  grpc: 'application/grpc',
  'grpc-web': 'application/grpc-web+proto',
  rest: 'application/json',
};

/** The headers that every request of a protocol has, but for its path. */
export function headersOf(protocol: Protocol, apiKey: string): readonly (readonly string[])[] {
  return [
    ['content-type', contentTypes[protocol]],
    ['x-api-key', apiKey],
    ...(protocol === 'grpc' ? [['te', 'trailers']] : []),
    ...(protocol.startsWith('connect') ? [['connect-protocol-version', '1']] : []),
  ];
}

const methodPost = 0x83;
const schemeHttp = 0x86;
const pathName = 0x04;
const literalToRemember = 0x40;
const remembered = 0x80;
const firstRemembered = 62;

/** The block of the first request of a connection: the other side remembers what it says. */
export function firstBlock(
  path: string,
  authority: string,
  headers: readonly (readonly string[])[],
): Buffer {
  const all = [[':authority', authority], ...headers];
  return Buffer.concat([
    Buffer.from([methodPost, schemeHttp, pathName]),
    stringOf(path),
    ...all.flatMap(([name = '', text = '']) => [
      Buffer.from([literalToRemember]),
      stringOf(name),
      stringOf(text),
    ]),
  ]);
}

/** The block of every later request: so many headers as were said, `:authority` among them. */
export function laterBlock(path: string, headerCount: number): Buffer {
  const numbers = Array.from({ length: headerCount }, (_, i) => remembered | (firstRemembered + i));
  return Buffer.concat([
    Buffer.from([methodPost, schemeHttp, pathName]),
    stringOf(path),
    Buffer.from(numbers.toReversed()),
  ]);
}

function stringOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  if (bytes.length >= 127 + 128) throw new Error('A header of the load is too long.');
  return Buffer.concat([Buffer.from([127, bytes.length - 127]), bytes]);
}

const statusesByByte: Readonly<Record<number, number>> = { 0x88: 200, 0x8c: 400, 0x8e: 500 };

/** The status that a block begins with: 200, 400, 500, or 0 for what no call expects. */
export function statusOf(block: Buffer): number {
  let at = 0;
  // The size of the table, 0, may be said first.
  while (((block[at] ?? 0) & 0xe0) === 0x20) at++;
  return statusesByByte[block[at] ?? 0] ?? 0;
}

/** `grpc-status` in the code of RFC 7541, appendix B, which is how servers say it. */
const grpcStatusName = Buffer.from([0x88, 0x9a, 0xca, 0xc8, 0xb2, 0x12, 0x34, 0xda, 0x8f]);

/** The status of gRPC in the headers or trailers of an answer, if it is there. */
export function grpcStatusOf(block: Buffer): number | undefined {
  const at = block.indexOf(grpcStatusName);
  if (at < 0) return undefined;
  const place = at + grpcStatusName.length;
  const length = (block[place] ?? 0) & 0x7f;
  const isCoded = ((block[place] ?? 0) & 0x80) !== 0;
  const digits = block.subarray(place + 1, place + 1 + length);
  return isCoded ? decodeDigits(digits) : Number(digits.toString('latin1'));
}

/** Digits 0 to 2 have codes of five bits, 0 to 2; the others codes of six, from 25 on. */
function decodeDigits(coded: Buffer): number {
  const bits = [...coded].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let digits = '';
  for (let at = 0; at + 5 <= bits.length;) {
    const short = Number.parseInt(bits.slice(at, at + 5), 2);
    const long = Number.parseInt(bits.slice(at, at + 6), 2);
    if (short <= 2) digits += String(short);
    else if (at + 6 <= bits.length && long >= 25 && long <= 31) digits += String(long - 22);
    else break;
    at += short <= 2 ? 5 : 6;
  }
  return Number(digits);
}
