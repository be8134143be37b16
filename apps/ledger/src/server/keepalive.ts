// Pings on HTTP/2 connections: a peer that is gone without a word is found out.
import type { ServerHttp2Session } from 'node:http2';

/** Two pings without an answer end a connection. */
const missedMax = 2;

/** Pings a session until it closes, and destroys it when the peer does not answer. */
export function keepAlive(session: ServerHttp2Session, intervalMs: number): void {
  let missed = 0;
  const timer = setInterval(() => {
    if (missed >= missedMax) {
      session.destroy();
      return;
    }
    missed++;
    session.ping((error) => {
      if (error === null) missed = 0;
    });
  }, intervalMs);
  timer.unref();
  session.once('close', () => clearInterval(timer));
}
