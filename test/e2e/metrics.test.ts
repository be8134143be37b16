// The figures of a running server: posts by REST are seen at /metrics.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScripOnTestCluster, startScripOnTestCluster } from './scrip-on-test-cluster.ts';

let scrip: ScripOnTestCluster;

beforeAll(async () => {
  scrip = await startScripOnTestCluster();
});

afterAll(() => scrip?.stop());

describe('/metrics', () => {
  it('moves with accounts, credits and refusals', async () => {
    const before = await scrape();
    const headers = {
      'x-api-key': scrip.keys().test.api_key,
      'content-type': 'application/json',
    };
    const send = async (path: string, body: object): Promise<unknown> => {
      const url = `${scrip.gatewayUrl}/v1/customer-credits/accounts${path}`;
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      return answer.json();
    };
    const { id } = (await send('', { customer_id: 'c', name: 'c' })) as { readonly id: string };
    const terms = { amount: '5', reference: 'r' };
    for (const key of ['1', '2']) await send(`/${id}/credit`, { ...terms, idempotency_key: key });
    await send(`/${id}/debit`, { ...terms, amount: '11', idempotency_key: '3' });

    const after = await scrape();
    const moved = (line: string): number => (after.get(line) ?? 0) - (before.get(line) ?? 0);
    expect(moved('scrip_commands_total{outcome="accepted"}')).toBe(3);
    expect(moved('scrip_entries_total')).toBe(2);
    expect(moved('scrip_refusals_total{reason="INSUFFICIENT_BALANCE"}')).toBe(1);
    expect(moved('scrip_flush_duration_seconds_count{outcome="committed"}')).toBe(4);
    expect(moved('scrip_flush_commands_sum')).toBe(4);
    const credit = 'method="scrip.ledger.v1.LedgerService/Credit",code="ok"';
    expect(moved(`scrip_rpc_duration_seconds_count{${credit}}`)).toBe(2);
    expect(after.get('scrip_ready')).toBe(1);
    expect(after.get('scrip_database_connections{role="writer",state="max"}')).toBeGreaterThan(0);
    expect(after.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  });
});

/** Every figure by its name and labels, as they stand in the text. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${scrip.gatewayUrl}/metrics`);
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split('\n').filter((line) => /^[a-z]/.test(line));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}
