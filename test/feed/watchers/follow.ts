// Follows one stream in the background: what it told, and how and when it ended.
import type { End } from '../record/watch.ts';
import { endOf } from './watcher.ts';

export type Followed<Message> = {
  readonly messages: readonly Message[];
  /** Resolves with its first message; rejects when it ends before. */
  readonly began: Promise<void>;
  /** Resolves in any case. */
  readonly ended: Promise<{ readonly end: End; readonly atMs: number }>;
  readonly leave: () => void;
};

export function follow<Message>(
  open: (signal: AbortSignal) => AsyncIterable<Message>,
): Followed<Message> {
  const leaving = new AbortController();
  const began = Promise.withResolvers<void>();
  began.promise.catch(() => undefined);
  const messages: Message[] = [];
  const read = async (): Promise<End> => {
    try {
      for await (const message of open(leaving.signal)) {
        messages.push(message);
        began.resolve();
      }
      return { kind: 'left' };
    } catch (error) {
      return leaving.signal.aborted ? { kind: 'left' } : endOf(error);
    }
  };
  const ended = read().then((end) => {
    began.reject(new Error(`The stream ended before it began: ${JSON.stringify(end)}`));
    return { end, atMs: Date.now() };
  });
  return { messages, began: began.promise, ended, leave: () => leaving.abort() };
}
