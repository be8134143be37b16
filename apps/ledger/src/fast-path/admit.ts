// Which requests the fast path takes, from their headers alone. All others are for the router.
import type { IncomingHttpHeaders } from 'node:http';
import { compressionNegotiate, type Compression } from '@connectrpc/connect/protocol';
import type { HeaderReader } from '../call/watch-call.ts';
import type { Dialect } from './dialect.ts';
import { dialectsByContentType } from './dialects.ts';
import type { FastRoute } from './fast-routes.ts';

/** A request that the fast path takes. */
export type Admission = {
  readonly route: FastRoute;
  readonly dialect: Dialect;
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
  readonly routesByPath: ReadonlyMap<string, FastRoute>;
  readonly acceptCompression: readonly Compression[];
  readonly messageBytesMax: number;
  readonly timeoutMsMax: number;
};

/** Authorities that were found to make sense; beyond it all are forgotten. */
const rememberedMax = 1000;

/** Takes a request of the fast path, or nothing. */
export type Admit = (head: Head) => Admission | undefined;

/** Makes what tells the requests of the fast path from those for the router. */
export function createAdmit(options: AdmitOptions): Admit {
  const { routesByPath, acceptCompression, messageBytesMax, timeoutMsMax } = options;
  const isAuthority = createAuthorityCheck();
  return ({ method, path = '', authority, headers }) => {
    const route = routesByPath.get(path);
    const dialect = dialectsByContentType.get(headers['content-type'] ?? '');
    if (route === undefined || dialect === undefined || method !== 'POST') return undefined;
    if (headers.expect !== undefined) return undefined;
    if (authority === undefined || !isAuthority(authority)) return undefined;
    const encoding = headers[dialect.encodingHeader];
    if (encoding !== undefined && encoding !== 'identity') return undefined;
    const length = headers['content-length'];
    if (length !== undefined && !(Number(length) <= messageBytesMax)) return undefined;
    const asked = readText(headers, dialect.timeoutHeader);
    const timeoutMs = asked === undefined ? undefined : dialect.parseTimeoutMs(asked, timeoutMsMax);
    // A deadline that is over already, or none at all.
    if (asked !== undefined && !(timeoutMs !== undefined && timeoutMs >= 1)) return undefined;
    const accepted = readText(headers, dialect.acceptHeader) ?? null;
    const compression =
      accepted === null
        ? null
        : compressionNegotiate([...acceptCompression], null, accepted, '').response;
    const header = { get: (name: string) => readText(headers, name) ?? null };
    return { route, dialect, authority, headers, header, timeoutMs, compression };
  };
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
