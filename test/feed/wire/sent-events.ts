// Server-sent events as a browser reads them, over fetch.
import { ConnectError, Code } from '@connectrpc/connect';
import type { JsonObject } from '@bufbuild/protobuf';

export type SentEvent = {
  readonly id: string;
  readonly event: string;
  readonly data: JsonObject;
};

/** Reads the events of a body to its end. */
export async function* readSentEvents(body: AsyncIterable<Uint8Array>): AsyncIterable<SentEvent> {
  const decoder = new TextDecoder();
  let unread = '';
  for await (const piece of body) {
    const blocks = (unread + decoder.decode(piece, { stream: true })).split('\n\n');
    unread = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map(toField));
      const data = fields.get('data');
      if (data === undefined) continue;
      const [id = '', event = ''] = [fields.get('id'), fields.get('event')];
      yield { id, event, data: JSON.parse(data) as JsonObject };
    }
  }
}

/** What `event: ended` says, or the body of a refusal. */
export class SentFailure extends ConnectError {
  readonly reason: string;

  constructor({ reason, message }: JsonObject) {
    const code = reason === 'UNAVAILABLE' ? Code.Unavailable : Code.FailedPrecondition;
    super(typeof message === 'string' ? message : 'The stream failed.', code);
    this.reason = typeof reason === 'string' ? reason : '';
  }
}

function toField(line: string): readonly [string, string] {
  const colon = line.indexOf(': ');
  return [line.slice(0, colon), line.slice(colon + 2)];
}
