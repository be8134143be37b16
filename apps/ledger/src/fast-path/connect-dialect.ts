// Unary calls of the Connect protocol: the body is the message, and an error is JSON.
import type { OutgoingHttpHeaders } from 'node:http';
import type { ConnectError } from '@connectrpc/connect';
import { mergeNonProtocolHeaders } from '@connectrpc/connect/protocol';
import {
  codeToHttpStatus,
  errorToJsonBytes,
  parseTimeout,
} from '@connectrpc/connect/protocol-connect';
import { compressedBytesMin, type Answer, type Presentation } from './answer.ts';
import type { UnaryDialect } from './dialect.ts';

/** The dialect of a content type: `application/proto` or `application/json`. */
export function connectDialect(
  contentType: 'application/proto' | 'application/json',
): UnaryDialect {
  return {
    protocolName: 'connect',
    isBinary: contentType === 'application/proto',
    timeoutHeader: 'connect-timeout-ms',
    encodingHeader: 'content-encoding',
    acceptHeader: 'accept-encoding',
    parseTimeoutMs: parseConnectTimeoutMs,
    messageOf: (body) => body,
    present: (presentation) => present(presentation, contentType),
  };
}

/** Reads `connect-timeout-ms`; nothing where it is malformed or too long. */
export function parseConnectTimeoutMs(value: string, msMax: number): number | undefined {
  const { timeoutMs, error } = parseTimeout(value, msMax);
  return error === undefined ? timeoutMs : undefined;
}

function present(
  { outcome, headers, compression }: Presentation,
  contentType: string,
): Answer | Promise<Answer> {
  const isMessage = outcome.kind === 'message';
  const body = isMessage ? outcome.bytes : errorToJsonBytes(outcome.error, undefined);
  const status = isMessage ? 200 : codeToHttpStatus(outcome.error.code);
  headers['content-type'] = isMessage ? contentType : 'application/json';
  if (!isMessage) addMetadata(headers, outcome.error);
  if (compression === null || body.byteLength < compressedBytesMin) {
    return sized({ status, headers, body });
  }
  headers['content-encoding'] = compression.name;
  return compression.compress(body).then((small) => sized({ status, headers, body: small }));
}

function addMetadata(headers: OutgoingHttpHeaders, error: ConnectError): void {
  const told = new Headers();
  mergeNonProtocolHeaders(told, error.metadata);
  for (const [name, value] of told) headers[name] = value;
}

function sized(answer: Answer): Answer {
  answer.headers['content-length'] = answer.body.byteLength;
  return answer;
}
