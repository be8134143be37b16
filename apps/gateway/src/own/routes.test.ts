// The gateway's own paths: the figures, and the page that shows the document.
import { createLog, createMetrics } from '@scrip/runtime';
import { createRouterTransport } from '@connectrpc/connect';
import { afterAll, describe, expect, it } from 'vitest';
import { createFakeGateway } from '../fake-ledger.ts';
import { createGateway } from '../gateway.ts';

const gateway = await createFakeGateway();
afterAll(() => gateway.close());

describe('/metrics', () => {
  it('answers the figures as they are, in the type that Prometheus asks for', async () => {
    const metrics = createMetrics();
    const count = metrics.counter({ name: 'acts_total', help: 'Acts.', labels: [] });
    const transport = createRouterTransport(() => undefined);
    const log = createLog({ level: 'silent' });
    const measured = await createGateway({ transport, log, metrics: () => metrics.text() });
    for (const expected of [1, 2]) {
      count({});
      const answer = await measured.inject({ url: '/metrics' });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(answer.body).toContain(`\nacts_total ${expected}\n`);
    }
    await measured.close();
  });

  it('is no path where nothing is measured', async () => {
    expect((await gateway.inject({ url: '/metrics' })).statusCode).toBe(404);
  });
});

describe('/docs', () => {
  it('shows /openapi.json', async () => {
    const page = await gateway.inject({ url: '/docs' });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body).toContain('<title>Scrip');
    const start = await gateway.inject({ url: '/docs/static/swagger-initializer.js' });
    expect(start.body).toContain('"url":"/openapi.json"');
  });

  it('loads all that it needs from the gateway', async () => {
    const { body } = await gateway.inject({ url: '/docs' });
    const paths = [...body.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(4);
    for (const path of paths) {
      expect(path).toMatch(/^\/docs\/static\//);
      expect((await gateway.inject({ url: path })).statusCode).toBe(200);
    }
  });

  it('lets the browser ask no other host', async () => {
    const { headers, body } = await gateway.inject({ url: '/docs' });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self';");
    const start = await gateway.inject({ url: '/docs/static/swagger-initializer.js' });
    expect(
      `${policy} ${body} ${start.body}`.replaceAll('https://stackoverflow.com', ''),
    ).not.toMatch(/https?:|\/\/[a-z]|validator\.swagger\.io/);
  });

  it('has the error body of the gateway for what is not there', async () => {
    const answer = await gateway.inject({ url: '/docs/static/nothing.js' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toHaveProperty('trace_id');
  });
});
