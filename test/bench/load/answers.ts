// What an answer says, read from as few of its bytes as will do.
import type { Protocol } from './load.ts';

/** An answer as it came in. The body is kept only where it is needed. */
export type Answer = {
  status: number;
  /** gRPC's own status, from its trailers; absent in other protocols. */
  grpcStatus: number | undefined;
  body: Buffer[];
};

/** `refused`: the account has not enough, which is what some calls ask for. */
export type Verdict = 'succeeded' | 'refused' | 'failed';

const grpcRefused = 9;

/** What the answer of one call comes to. */
export function judge(protocol: Protocol, answer: Answer): Verdict {
  switch (protocol) {
    case 'grpc':
      return judgeGrpc(answer.status === 200 ? answer.grpcStatus : undefined);
    case 'grpc-web': {
      const trailer = /grpc-status: ?(\d+)/i.exec(textOf(answer))?.[1];
      const inHeaders = answer.grpcStatus;
      return judgeGrpc(trailer === undefined ? inHeaders : Number(trailer));
    }
    case 'connect':
    case 'connect-json':
      if (answer.status === 200) return 'succeeded';
      return answer.status === 400 && textOf(answer).includes('failed_precondition')
        ? 'refused'
        : 'failed';
    case 'rest':
      if (answer.status === 200 || answer.status === 201) return 'succeeded';
      return answer.status === 422 && textOf(answer).includes('insufficient_balance')
        ? 'refused'
        : 'failed';
  }
}

function judgeGrpc(status: number | undefined): Verdict {
  if (status === 0) return 'succeeded';
  return status === grpcRefused ? 'refused' : 'failed';
}

/** The body as text, for what is looked for in it and for what is said about a failure. */
export function textOf(answer: Answer): string {
  return Buffer.concat(answer.body).toString('latin1');
}

/** What became of the items of a batch. */
export type BatchCounts = {
  readonly posted: number;
  readonly refused: number;
  readonly replayed: number;
};

/** Counts the results of a PostBatchResponse, behind gRPC's five bytes if there are any. */
export function countResults(protocol: Protocol, body: Buffer): BatchCounts {
  const counts = { posted: 0, refused: 0, replayed: 0 };
  let at = protocol === 'connect' ? 0 : 5;
  const end = protocol === 'connect' ? body.length : 5 + body.readUInt32BE(1);
  while (at < end && body[at] === 0x0a) {
    const result = varintAt(body, at + 1);
    at = result.next + result.number;
    const kind = body[result.next];
    if (kind === 0x12) counts.refused++;
    if (kind === 0x0a && isReplay(body, result.next + 1)) counts.replayed++;
    else if (kind === 0x0a) counts.posted++;
  }
  return counts;
}

/** Whether a BatchPosted says `replayed`: its field 2, behind the transaction. */
function isReplay(body: Buffer, start: number): boolean {
  const posted = varintAt(body, start);
  if (body[posted.next] !== 0x0a) return false;
  const transaction = varintAt(body, posted.next + 1);
  const behind = transaction.next + transaction.number;
  return behind < posted.next + posted.number && body[behind] === 0x10 && body[behind + 1] === 1;
}

function varintAt(bytes: Buffer, start: number) {
  let number = 0;
  for (let next = start, shift = 0; ; next++, shift += 7) {
    const byte = bytes[next] ?? 0;
    number |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { number, next: next + 1 };
  }
}
