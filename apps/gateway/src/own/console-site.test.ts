// The gateway passes a site on as it answers, and stays the gateway where the site has no answer.
import { createRouterTransport } from '@connectrpc/connect';
import { createLog } from '@scrip/runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { createGateway } from '../gateway.ts';
import type { Site } from './console-site.ts';

const site: Site = {
  answer: async ({ path, host, acceptEncoding }) =>
    path === 'none'
      ? undefined
      : {
          status: 200,
          headers: { 'content-type': 'text/html', 'cache-control': 'no-store' },
          body: Buffer.from(JSON.stringify({ path, host, acceptEncoding })),
        },
};
const transport = createRouterTransport(() => undefined);
const log = createLog({ level: 'silent' });
const gateway = await createGateway({ transport, log, console: site });
afterAll(() => gateway.close());

describe('/console', () => {
  it('leads to the page', async () => {
    const { statusCode, headers } = await gateway.inject({ url: '/console' });
    expect([statusCode, headers.location]).toEqual([302, '/console/']);
  });

  it.each([
    ['/console/', ''],
    ['/console/files/index.js?v=1', 'files/index.js'],
  ])('is answered by the site: %s', async (url, path) => {
    const asked = { host: 'shop.example:7480', 'accept-encoding': 'gzip' };
    const { statusCode, headers, body } = await gateway.inject({ url, headers: asked });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'text/html', 'cache-control': 'no-store' });
    expect(JSON.parse(body)).toEqual({ path, host: 'shop.example:7480', acceptEncoding: 'gzip' });
  });

  it('is 404 in the words of the gateway where the site has no such file', async () => {
    const { statusCode, body } = await gateway.inject({ url: '/console/none' });
    expect(statusCode).toBe(404);
    expect(body).toContain('/console/none');
  });

  it('is no path of a gateway without a console', async () => {
    const plain = await createGateway({ transport, log });
    expect((await plain.inject({ url: '/console/' })).statusCode).toBe(404);
    await plain.close();
  });
});
