// The committed OpenAPI document is the one that the routes make.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createFakeGateway } from './fake-ledger.ts';

describe('openapi.json', () => {
  it('is what the gateway serves; `pnpm --filter @scrip/gateway generate` writes it', async () => {
    const gateway = await createFakeGateway();
    const served: unknown = (await gateway.inject({ url: '/openapi.json' })).json();
    const committed = readFileSync(new URL('../openapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(served);
    expect(served).toHaveProperty('openapi', '3.1.0');
  });
});
