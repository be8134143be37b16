// Unary calls of the Connect protocol: the body is the message, and an error is JSON.
import { mergeNonProtocolHeaders } from '@connectrpc/connect/protocol';
import {
  codeToHttpStatus,
  errorToJsonBytes,
  parseTimeout,
} from '@connectrpc/connect/protocol-connect';
import { compressedBytesMin, type Answer, type Presentation } from './answer.ts';
import type { Dialect } from './dialect.ts';

/** The dialect of a content type: `application/proto` or `application/json`. */
export function connectDialect(contentType: 'application/proto' | 'application/json'): Dialect {
  return {
    protocolName: 'connect',
    isBinary: contentType === 'application/proto',
    timeoutHeader: 'connect-timeout-ms',
    encodingHeader: 'content-encoding',
    acceptHeader: 'accept-encoding',
    parseTimeoutMs: (value, msMax) => {
      const { timeoutMs, error } = parseTimeout(value, msMax);
      return error === undefined ? timeoutMs : undefined;
    },
    messageOf: (body) => body,
    present: (presentation) => present(presentation, contentType),
    isLengthless: true,
  };
}

function present(
  { outcome, headers, compression }: Presentation,
  contentType: string,
): Answer | Promise<Answer> {
  const answer =
    outcome.kind === 'message'
      ? {
          status: 200,
          headers: { 'content-type': contentType, ...headers },
          body: outcome.bytes,
        }
      : presentError(outcome.error, headers);
  if (compression === null || answer.body.byteLength < compressedBytesMin) return sized(answer);
  const { name } = compression;
  return compression
    .compress(answer.body)
    .then((body) =>
      sized({ ...answer, headers: { ...answer.headers, 'content-encoding': name }, body }),
    );
}

function presentError(
  error: Extract<Presentation['outcome'], { kind: 'error' }>['error'],
  headers: Presentation['headers'],
): Answer {
  const told = new Headers();
  mergeNonProtocolHeaders(told, error.metadata);
  return {
    status: codeToHttpStatus(error.code),
    headers: { 'content-type': 'application/json', ...headers, ...Object.fromEntries(told) },
    body: errorToJsonBytes(error, undefined),
  };
}

function sized({ status, headers, body }: Answer): Answer {
  return { status, headers: { ...headers, 'content-length': body.byteLength }, body };
}
