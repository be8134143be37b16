// Where the links of a page lead.
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeGateway, known } from '../fake-ledger.ts';

async function linksFor(settings: { readonly publicUrl?: string }) {
  const coupons = { listCoupons: () => ({ coupons: [], totalSize: 40n }) };
  const gateway = await createFakeGateway({}, { coupons, ...settings });
  onTestFinished(() => gateway.close());
  const { statusCode, body } = await gateway.inject({
    url: '/shop/coupons?page=2&per_page=10&deleted=true',
    headers: { ...known, host: 'credits.internal:7480', 'x-forwarded-host': 'evil.example' },
  });
  expect(statusCode).toBe(200);
  return JSON.parse(body) as { readonly links: object; readonly meta: { readonly path: string } };
}

describe('links of a page', () => {
  it('lead to what the gateway is called from outside', async () => {
    const { links, meta } = await linksFor({ publicUrl: 'https://credits.example/rest' });
    const path = 'https://credits.example/rest/shop/coupons';
    expect(meta.path).toBe(path);
    expect(links).toEqual({
      first: `${path}?page=1&per_page=10&deleted=true`,
      last: `${path}?page=4&per_page=10&deleted=true`,
      prev: `${path}?page=1&per_page=10&deleted=true`,
      next: `${path}?page=3&per_page=10&deleted=true`,
    });
  });

  it('lead where the request was sent to when that was not said', async () => {
    const { meta } = await linksFor({});
    expect(meta.path).toBe('http://credits.internal:7480/shop/coupons');
  });
});
