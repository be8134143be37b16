// Tells HTTP/2 from HTTP/1.1 by a connection's first bytes, so that both share one cleartext port.
import type { Socket } from 'node:net';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

export type HttpVersion = 'h1' | 'h2';

/**
 * Reads as little as tells the version, puts it back and hands the connection on. One that says
 * nothing in time, or leaves before it did, is dropped.
 */
export function sniffVersion(
  socket: Socket,
  patienceMs: number,
  handOn: (version: HttpVersion) => void,
): void {
  let seen: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => socket.destroy(), patienceMs);
  const onData = (chunk: Buffer): void => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const version = versionOf(seen);
    if (version === undefined) return;
    stopListening();
    socket.pause();
    socket.unshift(seen);
    handOn(version);
    if (version === 'h1') socket.resume();
  };
  const drop = (): void => {
    stopListening();
    socket.destroy();
  };
  const stopListening = (): void => {
    clearTimeout(timer);
    socket.off('data', onData).off('end', drop).off('error', drop).off('close', drop);
  };
  socket.on('data', onData).on('end', drop).on('error', drop).on('close', drop);
}

function versionOf(seen: Buffer): HttpVersion | undefined {
  const length = Math.min(seen.length, preface.length);
  if (!seen.subarray(0, length).equals(preface.subarray(0, length))) return 'h1';
  return length === preface.length ? 'h2' : undefined;
}
