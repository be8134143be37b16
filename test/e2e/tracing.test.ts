// Traces: a call leaves its span in its caller's trace where the environment says so, and nothing
// is loaded where it does not.

import { createScripClient } from '@scrip/client/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startScripOnTestCluster } from './scrip-on-test-cluster.ts';
import { startTraceReceiver } from './wire/trace-receiver.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const headers = { traceparent: `00-${traceId}-${spanId}-01`, 'x-request-id': 'traced-1' };
const account = { ref: { case: 'externalId', value: 'traced' } } as const;
const opened = { customerId: 'c', externalId: 'traced', initialBalance: '5' };
const debit = { account, amount: '6', reference: 'r', idempotencyKey: 'k' };

/** Has a process say which modules of OpenTelemetry it loads; the figures use its API anyway. */
const tellLoaded = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => {
    if (/@opentelemetry\\/(?!api\\/)/.test(url)) process.stderr.write('loaded ' + url + '\\n');
    return next(url, context);
  } });
`)}`;

async function startTraced(env: Readonly<Record<string, string>>) {
  const scrip = await startScripOnTestCluster({ NODE_OPTIONS: `--import ${tellLoaded}`, ...env });
  let isStopped = false;
  const stop = async (): Promise<number | undefined> => {
    isStopped = true;
    return scrip.stop();
  };
  onTestFinished(async () => {
    if (!isStopped) await scrip.stop();
  });
  const apiKey = scrip.keys().test.api_key;
  const client = createScripClient({ baseUrl: scrip.ledgerUrl, apiKey });
  return { scrip, client, stop };
}

describe('a server that is told where traces go', () => {
  it('sends a span of each call, in the trace of its caller, and of each flush', async () => {
    const receiver = await startTraceReceiver();
    onTestFinished(receiver.close);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const { scrip, client, stop } = await startTraced(env);
    await client.createAccount(opened);
    await expect(client.debit(debit, { headers })).rejects.toMatchObject({
      reason: 'INSUFFICIENT_BALANCE',
    });
    const sent = { ...headers, 'x-api-key': scrip.keys().test.api_key };
    await fetch(`${scrip.gatewayUrl}/v1/accounts/balance?externalId=traced`, { headers: sent });
    expect(await stop()).toBe(0);
    const service = 'scrip.ledger.v1.LedgerService';
    const refused = receiver.spans.find(({ name }) => name === `${service}/Debit`);
    expect(refused).toMatchObject({ traceId, parentSpanId: spanId, service: 'scrip' });
    expect(refused?.attributes).toEqual({
      'rpc.system': 'grpc',
      'rpc.service': service,
      'rpc.method': 'Debit',
      'scrip.request_id': 'traced-1',
      'scrip.code': 'failed_precondition',
      'scrip.reason': 'INSUFFICIENT_BALANCE',
    });
    const rest = receiver.spans.find(({ name }) => name === `${service}/GetAccount`);
    expect(rest).toMatchObject({ traceId, parentSpanId: spanId });
    const made = receiver.spans.find(({ name }) => name === `${service}/CreateAccount`);
    expect(made).toMatchObject({ parentSpanId: '', attributes: { 'scrip.code': 'ok' } });
    const flushes = receiver.spans.filter(({ name }) => name === 'flush');
    expect(flushes.map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({ 'scrip.outcome': 'committed', 'scrip.accepted': '1' }),
      expect.objectContaining({ 'scrip.commands': '1', 'scrip.refused': '1' }),
    ]);
    expect(scrip.output()).toContain('loaded ');
  });

  it('works and stops in time though nobody takes them', async () => {
    const receiver = await startTraceReceiver(503);
    onTestFinished(receiver.close);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const { client, stop } = await startTraced(env);
    await client.createAccount(opened);
    const from = performance.now();
    expect(await stop()).toBe(0);
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(receiver.requestCount()).toBeGreaterThan(0);
  });
});

describe('a server that is not told where traces go', () => {
  it.each([{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' }])(
    'loads nothing for them, with %j',
    async (env) => {
      const { scrip, client, stop } = await startTraced(env);
      await client.createAccount(opened);
      await stop();
      expect(scrip.output()).toContain('"msg":"ready"');
      expect(scrip.output()).not.toContain('loaded ');
    },
  );
});
