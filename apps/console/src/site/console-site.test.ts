// The site answers with its files, each under the right headers.
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createConsoleSite } from './console-site.ts';
import type { ConsoleSiteOptions, SiteAnswer } from './console-site.ts';

const page = '<meta name="scrip-ledger-url" content="" /><title>Scrip</title>';
const files = new Map([
  ['index.html', Buffer.from(page)],
  ['files/index-abc.js', Buffer.from('run()')],
]);

type Asked = { readonly path: string; readonly host?: string; readonly acceptEncoding?: string };

function site(options: Partial<ConsoleSiteOptions> = {}) {
  const made = createConsoleSite({
    ledger: { port: 7410 },
    onFailure: () => undefined,
    readFiles: async () => files,
    ...options,
  });
  return ({ path, host, acceptEncoding }: Asked): Promise<SiteAnswer | undefined> =>
    made.answer({ path, host, acceptEncoding });
}

describe('the site', () => {
  it.each<[string | undefined, string]>([
    ['127.0.0.1:7480', 'http://127.0.0.1:7410'],
    ['ledger.example:80', 'http://ledger.example:7410'],
    ['[::1]:7480', 'http://[::1]:7410'],
    ["evil'; script-src *", 'http://localhost:7410'],
    [undefined, 'http://localhost:7410'],
  ])(
    'tells a page at %s to find the ledger at %s, and lets it ask nobody else',
    async (host, url) => {
      const answer = await site()({ path: '', ...(host === undefined ? {} : { host }) });
      expect(answer?.body.toString()).toContain(`content="${url}"`);
      const policy = answer?.headers['content-security-policy'] ?? '';
      expect(policy).toContain(`connect-src ${url};`);
      expect(policy).toMatch(/^default-src 'none';/);
      expect(policy).not.toContain('unsafe');
    },
  );

  it('takes the address of the ledger that it is told', async () => {
    const answer = await site({ ledger: { url: 'https://ledger.example/a"b' } })({ path: '' });
    expect(answer?.body.toString()).toContain('content="https://ledger.example/a&quot;b"');
    expect(answer?.headers['content-security-policy']).toContain(
      'connect-src https://ledger.example;',
    );
  });

  it('has nobody keep the page, and everybody keep its files', async () => {
    const headersOf = async (path: string) => (await site()({ path }))?.headers;
    expect(await headersOf('index.html')).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(await headersOf('files/index-abc.js')).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    });
  });

  it('packs files for whoever unpacks them', async () => {
    const asked = { path: 'files/index-abc.js', acceptEncoding: 'br, gzip' };
    const answer = await site()(asked);
    expect(answer?.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer?.body ?? '').toString()).toBe('run()');
  });

  it.each(['files/none.js', '../package.json', 'built-from.txt', 'index.html/'])(
    'has no answer for %s',
    async (path) => {
      expect(await site()({ path })).toBeUndefined();
    },
  );

  it('says that it could not be built, and tries again at the next request', async () => {
    let tries = 0;
    const failures: unknown[] = [];
    const ask = site({
      onFailure: (error) => failures.push(error),
      readFiles: async () => {
        tries += 1;
        if (tries === 1) throw new Error('no space left');
        return files;
      },
    });
    expect(await ask({ path: '' })).toMatchObject({ status: 503 });
    expect(failures).toEqual([new Error('no space left')]);
    expect(await ask({ path: '' })).toMatchObject({ status: 200 });
  });

  it('reads nothing before somebody asks', () => {
    let isRead = false;
    site({ readFiles: async () => ((isRead = true), files) });
    expect(isRead).toBe(false);
  });
});
