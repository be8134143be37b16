// The headers of the console: what the page may load and whom it may ask, and who may keep it.
import { extname } from 'node:path';

const typesByExtension: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The headers for a file of the page. Files below `files/` bear a hash and never change. */
export function consoleHeaders(asked: {
  readonly path: string;
  readonly ledgerUrl: string;
}): Readonly<Record<string, string>> {
  const { path, ledgerUrl } = asked;
  const isHashed = path.startsWith('files/');
  return {
    'content-type': typesByExtension[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': policyFor(new URL(ledgerUrl).origin),
    'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-store',
    ...(isHashed ? { vary: 'accept-encoding' } : {}),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}

/** Its own files, the ledger, and nothing else. */
function policyFor(ledgerOrigin: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${ledgerOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const sane = /^(?:\[[\da-f:.]+\]|[\w.-]+)$/i;

/** The name in a `host` header, without its port; this machine where it is none. */
export function hostnameOf(host: string | undefined): string {
  const name = host?.replace(/:\d*$/, '') ?? '';
  return sane.test(name) && URL.canParse(`http://${name}`) ? name : 'localhost';
}
