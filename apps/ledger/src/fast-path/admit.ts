// Which requests the fast path takes, from their headers alone. What is not plain is the router's.
import type { IncomingHttpHeaders } from 'node:http';
import { compressionNegotiate, type Compression } from '@connectrpc/connect/protocol';
import type { HeaderReader } from '../call/watch-call.ts';
import type { UnaryDialect } from './dialect.ts';
import { unaryDialects } from './dialects.ts';
import { streamDialects, type StreamDialect } from './stream-dialect.ts';
import type { StreamRoute } from './stream-routes.ts';
import type { UnaryRoute } from './unary-routes.ts';

/** What is called, and in which protocol. */
type Spoken =
  | { readonly kind: 'unary'; readonly route: UnaryRoute; readonly dialect: UnaryDialect }
  | { readonly kind: 'stream'; readonly route: StreamRoute; readonly dialect: StreamDialect };

/** A request that the fast path takes. */
export type Admission = Spoken & Arrived;

/** A call that is answered at once. */
export type UnaryAdmission = Admission & { readonly kind: 'unary' };

/** A call that is answered message by message. */
export type StreamAdmission = Admission & { readonly kind: 'stream' };

/** What its headers say of a request. */
type Arrived = {
  readonly authority: string;
  readonly headers: IncomingHttpHeaders;
  readonly header: HeaderReader;
  /** The time that the caller gives the call. */
  readonly timeoutMs: number | undefined;
  /** How the caller takes large answers. */
  readonly compression: Compression | null;
};

/** What is looked at to tell whether a request is plain. */
export type Head = {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly authority: string | undefined;
  readonly headers: IncomingHttpHeaders;
};

export type AdmitOptions = {
  readonly routesByPath: ReadonlyMap<string, UnaryRoute | StreamRoute>;
  readonly acceptCompression: readonly Compression[];
  readonly messageBytesMax: number;
  readonly timeoutMsMax: number;
  readonly streamTimeoutMsMax: number;
};

/** Authorities that were found to make sense; beyond it all are forgotten. */
const rememberedMax = 1000;

/** Takes a request of the fast path, or nothing. */
export type Admit = (head: Head) => Admission | undefined;

/** Makes what tells the requests of the fast path from those for the router. */
export function createAdmit(options: AdmitOptions): Admit {
  const { routesByPath, acceptCompression, messageBytesMax } = options;
  const isAuthority = createAuthorityCheck();
  return ({ method, path = '', authority, headers }) => {
    const spoken = spokenOf(routesByPath.get(path), headers['content-type'] ?? '');
    if (spoken === undefined || method !== 'POST') return undefined;
    const { dialect, kind } = spoken;
    if (headers.expect !== undefined) return undefined;
    if (authority === undefined || !isAuthority(authority)) return undefined;
    const encoding = headers[dialect.encodingHeader];
    if (encoding !== undefined && encoding !== 'identity') return undefined;
    const length = headers['content-length'];
    if (length !== undefined && !(Number(length) <= messageBytesMax)) return undefined;
    const asked = readText(headers, dialect.timeoutHeader);
    const timeoutMsMax = kind === 'unary' ? options.timeoutMsMax : options.streamTimeoutMsMax;
    const timeoutMs = asked === undefined ? undefined : dialect.parseTimeoutMs(asked, timeoutMsMax);
    // A deadline that is over already, or none at all.
    if (asked !== undefined && !(timeoutMs !== undefined && timeoutMs >= 1)) return undefined;
    const accepted = readText(headers, dialect.acceptHeader) ?? null;
    const compression =
      accepted === null
        ? null
        : compressionNegotiate([...acceptCompression], null, accepted, '').response;
    const header = { get: (name: string) => readText(headers, name) ?? null };
    return { ...spoken, authority, headers, header, timeoutMs, compression };
  };
}

function spokenOf(
  route: UnaryRoute | StreamRoute | undefined,
  contentType: string,
): Spoken | undefined {
  if (route === undefined) return undefined;
  if (route.kind === 'unary') {
    const dialect = unaryDialects.get(contentType);
    return dialect && { kind: 'unary', route, dialect };
  }
  const dialect = streamDialects.get(contentType);
  return dialect && { kind: 'stream', route, dialect };
}

function readText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : undefined;
}

function createAuthorityCheck(): (authority: string) => boolean {
  const known = new Set<string>();
  return (authority) => {
    if (known.has(authority)) return true;
    if (!URL.canParse(`http://${authority}`)) return false;
    if (known.size >= rememberedMax) known.clear();
    known.add(authority);
    return true;
  };
}
