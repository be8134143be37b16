// The gateway in front of a ledger that it reaches over the network, up to the ledger's end.
import { createGateway } from '@scrip/gateway';
import { createLog } from '@scrip/runtime';
import { expect, it } from 'vitest';
import { startGatewayServer } from './gateway-server.ts';

it('answers over gRPC and says 503 once the ledger is gone', async () => {
  const server = await startGatewayServer();
  const ledgerUrl = await server.listenLedger();
  const gateway = await createGateway({ ledgerUrl, log: createLog({ level: 'warn' }) });
  const { apiKey, storeId } = await server.createStore();
  const create = (name: string) =>
    gateway.inject({
      method: 'POST',
      url: '/v1/customer-credits/accounts',
      headers: { authorization: `Bearer ${apiKey}` },
      payload: { customer_id: 'cust_1', name },
    });

  expect((await gateway.inject({ url: '/readyz' })).statusCode).toBe(200);
  const created = await create('first');
  expect(created.statusCode).toBe(201);
  expect(created.json()).toHaveProperty('store_id', storeId);

  await server.stopLedger();
  expect((await gateway.inject({ url: '/readyz' })).statusCode).toBe(503);
  const refused = await create('second');
  expect(refused.statusCode).toBe(503);
  expect(refused.json()).toMatchObject({ error: { type: 'api_error', code: 'unavailable' } });
  await gateway.close();
  await server.close();
});
