// The committed OpenAPI document is the one that the routes make, and says what holds for them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createFakeGateway } from './fake-ledger.ts';

type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: object;
};
type Operation = {
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, object>>;
};
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

/** What the gateway answers for itself. */
const own = new Set(['/healthz', '/readyz']);
const committed = JSON.parse(
  readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'),
) as Document;

describe('openapi.json', () => {
  it('is what the gateway serves; `pnpm --filter @scrip/gateway generate` writes it', async () => {
    const gateway = await createFakeGateway();
    const served: unknown = (await gateway.inject({ url: '/openapi.json' })).json();
    expect(committed).toEqual(served);
    expect(served).toHaveProperty('openapi', '3.1.0');
  });

  it('has one error body for a call, whoever is to blame', () => {
    const facades = Object.entries(committed.paths).filter(([path]) => !own.has(path));
    const operations = facades.flatMap(([, path]) => Object.values(path));
    expect(operations.length).toBeGreaterThan(60);
    for (const { responses } of operations) {
      expect(responses).toHaveProperty('4XX');
      expect(responses['5XX']).toEqual(responses['4XX']);
    }
  });

  it('demands no parameter that has a default, and those that have none', () => {
    const operations = Object.values(committed.paths).flatMap((path) => Object.values(path));
    const asked = operations.flatMap(({ parameters = [] }) => parameters);
    const queried = asked.filter((parameter) => parameter.in === 'query');
    const defaulted = queried.filter(({ schema }) => 'default' in schema);
    expect(defaulted.map(({ name }) => name)).toContain('limit');
    expect(defaulted.filter(({ required }) => required === true)).toEqual([]);
    const demanded = queried.filter(({ required }) => required === true);
    expect(demanded.map(({ name }) => name)).toContain('reference');
  });

  it.each([
    ['Creem Customer Credits API (all # calls)', /^\/v1\/customer-credits\//],
    ['credits.dev Accounts API (# calls)', /^\/v1\/(?:accounts|reservations|transactions|plans)\b/],
  ])('has as many calls as the README promises: %s', (promise, paths) => {
    const described = Object.entries(committed.paths).filter(([path]) => paths.test(path));
    const count = described.flatMap(([, path]) => Object.keys(path)).length;
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(promise.replace('#', String(count)));
  });
});
