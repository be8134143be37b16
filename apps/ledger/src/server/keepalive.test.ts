// When a silent HTTP/2 peer is given up.
import { EventEmitter } from 'node:events';
import type { ServerHttp2Session } from 'node:http2';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepAlive } from './keepalive.ts';

type Pong = (error: Error | null) => void;

function createSession(answers: boolean) {
  const session = Object.assign(new EventEmitter(), {
    ping: vi.fn<(pong: Pong) => void>((pong) => void (answers && pong(null))),
    destroy: vi.fn<() => void>(() => void session.emit('close')),
  });
  keepAlive(session as unknown as ServerHttp2Session, 1000);
  return session;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('keeps a peer that answers', () => {
  const session = createSession(true);
  vi.advanceTimersByTime(10_000);
  expect(session.destroy).not.toHaveBeenCalled();
});

it('gives a peer up that left two pings without an answer', () => {
  const session = createSession(false);
  vi.advanceTimersByTime(2000);
  expect(session.destroy).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(session.destroy).toHaveBeenCalledOnce();
});

it('pings no more once the connection is closed', () => {
  const session = createSession(false);
  vi.advanceTimersByTime(10_000);
  expect(session.ping).toHaveBeenCalledTimes(2);
});
