// The console as a site: which file answers a path, with the headers that keep it to itself.
import { gzipSync } from 'node:zlib';
import { consoleHeaders, hostnameOf } from './headers.ts';
import type { PageFiles } from './page-files.ts';
import { readPageFiles } from './page-files.ts';

export type ConsoleSiteOptions = {
  /** Where browsers find the ledger: its address, or only its port, at the host of the page. */
  readonly ledger: { readonly url: string } | { readonly port: number };
  /** Hears why the page could not be built. */
  readonly onFailure: (error: unknown) => void;
  /** Reads the built page. Default: from the package, built there when it is missing or stale. */
  readonly readFiles?: () => Promise<PageFiles>;
};

export type SiteRequest = {
  /** The path below the place of the site, `` or `files/index.js` say. */
  readonly path: string;
  /** The request's own `host` and `accept-encoding`. */
  readonly host: string | undefined;
  readonly acceptEncoding: string | undefined;
};

export type SiteAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

export type ConsoleSite = {
  /** Answers a path of the site; undefined where it has no such file. */
  readonly answer: (request: SiteRequest) => Promise<SiteAnswer | undefined>;
};

/** Makes the site. Nothing is read or built before somebody asks for it. */
export function createConsoleSite(options: ConsoleSiteOptions): ConsoleSite {
  const { ledger, onFailure, readFiles = readPageFiles } = options;
  let files: Promise<PageFiles> | undefined;
  /** After a failure the next request tries again. */
  const forget = (error: unknown): undefined => {
    files = undefined;
    onFailure(error);
    return undefined;
  };
  return {
    answer: async (request) => {
      files ??= readFiles();
      const read = await files.catch(forget);
      const ledgerUrl =
        'url' in ledger ? ledger.url : `http://${hostnameOf(request.host)}:${ledger.port}`;
      return read === undefined ? notBuilt(ledgerUrl) : answerFrom(read, request, ledgerUrl);
    },
  };
}

function answerFrom(
  files: PageFiles,
  { path, acceptEncoding = '' }: SiteRequest,
  ledgerUrl: string,
): SiteAnswer | undefined {
  const file = files.get(path || 'index.html');
  if (file === undefined) return undefined;
  const isPage = path === '' || path === 'index.html';
  const headers = consoleHeaders({ path: path || 'index.html', ledgerUrl });
  if (isPage) return { status: 200, headers, body: tellLedgerUrl(file, ledgerUrl) };
  if (!/\bgzip\b/.test(acceptEncoding)) return { status: 200, headers, body: file };
  return {
    status: 200,
    headers: { ...headers, 'content-encoding': 'gzip' },
    body: pack(file),
  };
}

const packedByFile = new WeakMap<Buffer, Buffer>();

/** Packs a file once. */
function pack(file: Buffer): Buffer {
  const packed = packedByFile.get(file) ?? gzipSync(file);
  packedByFile.set(file, packed);
  return packed;
}

const placeOfUrl = '<meta name="scrip-ledger-url" content="';

function tellLedgerUrl(page: Buffer, ledgerUrl: string): Buffer {
  const escaped = ledgerUrl.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return Buffer.from(page.toString().replace(placeOfUrl, () => `${placeOfUrl}${escaped}`));
}

function notBuilt(ledgerUrl: string): SiteAnswer {
  return {
    status: 503,
    headers: consoleHeaders({ path: 'index.html', ledgerUrl }),
    body: Buffer.from(
      '<!doctype html><title>Scrip console</title>' +
        '<p>The console could not be built. The log of the server says why.</p>',
    ),
  };
}
