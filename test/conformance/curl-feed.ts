// Reads server-sent events with curl, as whoever has only HTTP does.
import { spawn } from 'node:child_process';

export type SentEvent = {
  readonly event: string;
  /** The last id seen so far. */
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
};

export type CurlFeed = {
  /** The next event that is no heartbeat; nothing when the stream has ended. */
  readonly next: () => Promise<SentEvent | undefined>;
  /** The next events up to and including the first of this name. */
  readonly until: (event: string) => Promise<readonly SentEvent[]>;
  readonly close: () => void;
};

export function curlFeed(url: string, headers: Readonly<Record<string, string>>): CurlFeed {
  const sent = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const curl = spawn('curl', ['-sN', ...sent, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const events = eventsOf(linesOf(curl.stdout.setEncoding('utf8')));
  const next = async (): Promise<SentEvent | undefined> => {
    for (;;) {
      const { done, value } = await events.next();
      if (done === true) return undefined;
      if (value.event !== 'heartbeat') return value;
    }
  };
  return {
    next,
    async until(event) {
      const seen: SentEvent[] = [];
      for (;;) {
        const sentEvent = await next();
        if (sentEvent === undefined) throw new Error(`the stream ended before ${event}`);
        seen.push(sentEvent);
        if (sentEvent.event === event) return seen;
      }
    },
    close: () => curl.kill(),
  };
}

async function* eventsOf(lines: AsyncIterable<string>): AsyncGenerator<SentEvent, void, undefined> {
  let fields = new Map<string, string>();
  for await (const line of lines) {
    if (line !== '') {
      const at = line.indexOf(': ');
      fields.set(line.slice(0, at), line.slice(at + 2));
      continue;
    }
    const data = fields.get('data');
    const id = fields.get('id') ?? '';
    if (data !== undefined) {
      const parsed = JSON.parse(data) as SentEvent['data'];
      yield { event: fields.get('event') ?? 'message', id, data: parsed };
    }
    fields = new Map([['id', id]]);
  }
}

async function* linesOf(parts: AsyncIterable<unknown>): AsyncGenerator<string, void, undefined> {
  let text = '';
  for await (const part of parts) {
    const lines = `${text}${String(part)}`.split('\n');
    text = lines.pop() ?? '';
    yield* lines;
  }
}
