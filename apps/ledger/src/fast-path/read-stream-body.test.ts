// Bodies of HTTP/2 over real connections: what is taken early, and what becomes of its stream.
import { once } from 'node:events';
import { connect, createServer, type ClientHttp2Stream, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createLog } from '@scrip/runtime';
import { afterEach, expect, it } from 'vitest';
import { createAfterTurn } from './after-turn.ts';
import type { Body } from './read-body.ts';
import { readStreamBody } from './read-stream-body.ts';

const afterTurn = createAfterTurn(createLog({ level: 'silent' }));
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

it.each([
  ['one that comes with its headers', (call: ClientHttp2Stream) => void call.end('hello')],
  ['none', (call: ClientHttp2Stream) => void call.end()],
  [
    'one in pieces',
    (call: ClientHttp2Stream) => {
      call.write('hel');
      setTimeout(() => call.end('lo'), 20);
    },
  ],
])('reads %s, and the stream is closed behind the answer', async (what, send) => {
  const { stream, body } = await open(send);
  expect(textOf(await body)).toBe(what === 'none' ? '' : 'hello');
  const closed = once(stream, 'close');
  stream.respond({ ':status': 200 });
  stream.end('done');
  await closed;
  expect(stream.destroyed).toBe(true);
});

it('reads a body that is too long for being taken early up to its bound', async () => {
  const { body } = await open((call) => void call.end('x'.repeat(200)));
  expect(await body).toMatchObject({ kind: 'too_long' });
});

it.each([0, 8])('closes a stream that is reset with %i while its answer waits', async (code) => {
  const { stream, body, call } = await open((begun) => void begun.end('hello'));
  await body;
  const closed = once(stream, 'close');
  call.pause();
  stream.respond({ ':status': 200 });
  // More than the window of a stream: the rest waits for the caller.
  stream.end(Buffer.alloc(300_000));
  await once(call, 'response');
  call.close(code);
  await closed;
  expect(stream.destroyed).toBe(true);
});

it('takes no body early that is shorter than its headers say', async () => {
  const { stream } = await open(() => undefined);
  const taken: Body[] = [];
  const short = Object.create(stream, {
    state: { value: { remoteClose: 1 } },
    readableLength: { value: 0 },
  }) as ServerHttp2Stream;
  const options = { bytesMax: 100, contentLength: '7', afterTurn };
  void readStreamBody(short, options).then((body) => taken.push(body));
  // It is taken at the end of this turn, if it is.
  await setImmediate();
  await setImmediate();
  expect(taken).toEqual([]);
});

async function open(send: (call: ClientHttp2Stream) => void) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const session = connect(`http://127.0.0.1:${port}`);
  ends.push(() => {
    session.destroy();
    server.close();
  });
  const begun = new Promise<{ stream: ServerHttp2Stream; body: Promise<Body> }>((resolve) => {
    server.once('stream', (stream) => {
      stream.on('error', () => undefined);
      const options = { bytesMax: 100, contentLength: undefined, afterTurn };
      resolve({ stream, body: readStreamBody(stream, options) });
    });
  });
  const call = session.request({ ':method': 'POST', ':path': '/' });
  call.on('error', () => undefined);
  send(call);
  return { ...(await begun), call };
}

function textOf(body: Body): string | undefined {
  return body.kind === 'whole' ? Buffer.concat(body.chunks).toString() : undefined;
}
