// Takes JSON bodies and nothing else; an empty body counts as none, whatever its content type.
import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../app.ts';
import { FaultError } from '../faults/fault.ts';
import { parseJson } from './parse-json.ts';

const jsonTypes = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|\s*$)/i;

export function addBodyParser(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, readBody(request.headers, Buffer.from(body)));
    } catch (error) {
      done(error as Error);
    }
  });
}

function readBody(headers: IncomingHttpHeaders, body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  if (!jsonTypes.test(headers['content-type'] ?? '')) {
    throw new FaultError('MEDIA_TYPE_UNSUPPORTED', 'The body must be application/json.');
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw new FaultError('MEDIA_TYPE_UNSUPPORTED', 'The body must not be compressed.');
  }
  return parseJson(body);
}
