// Reads server-sent events as a browser does, for tests.

export type SentEvent = {
  readonly event: string;
  /** The last id seen, which an EventSource sends back. */
  readonly id: string;
  readonly data: unknown;
};

export type OpenFeed = {
  readonly response: Response;
  /** The next events, so many of them; fewer only if the stream ends. */
  readonly take: (count: number) => Promise<readonly SentEvent[]>;
  /** Leaves. */
  readonly close: () => void;
};

/** Opens a feed; without a status of 200 there are no events. */
export async function openFeed(url: string, headers: Record<string, string>): Promise<OpenFeed> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const events = eventsOf(response.body?.pipeThrough(new TextDecoderStream()) ?? []);
  return {
    response,
    close: () => abort.abort(),
    async take(count) {
      const taken: SentEvent[] = [];
      while (taken.length < count) {
        const { done, value } = await events.next();
        if (done === true) break;
        taken.push(value);
      }
      return taken;
    },
  };
}

async function* eventsOf(
  parts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<SentEvent, void, undefined> {
  let text = '';
  let id = '';
  for await (const part of parts) {
    text += part;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => fieldOf(line)));
      id = fields.get('id') ?? id;
      const data = fields.get('data');
      if (data === undefined) continue;
      yield { event: fields.get('event') ?? 'message', id, data: JSON.parse(data) as unknown };
    }
  }
}

function fieldOf(line: string): readonly [string, string] {
  const at = line.indexOf(': ');
  return [line.slice(0, at), line.slice(at + 2)];
}
