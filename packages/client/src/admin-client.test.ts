// The client of administration over an in-process router.
import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect';
import { AdminService, ErrorDetailSchema, ErrorReason } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { createScripAdminClient } from './index.ts';

describe('the client of administration', () => {
  it('makes a store with the key of the client', async () => {
    const transport = createRouterTransport(({ service }) =>
      service(AdminService, {
        createStore: ({ name }, { requestHeader }) => ({
          store: { id: 'sto_1', name },
          test: { apiKey: `for ${requestHeader.get('x-api-key')}` },
        }),
      }),
    );
    const admin = createScripAdminClient({ transport, apiKey: 'scrip_operator_a' });
    const { store, test } = await admin.createStore({ name: 'a shop' });
    expect(store).toMatchObject({ id: 'sto_1', name: 'a shop' });
    expect(test?.apiKey).toBe('for scrip_operator_a');
  });

  it('sends a revocation again, and the making of a key never', async () => {
    let sent = 0;
    const fail = () => {
      sent += 1;
      throw new ConnectError('gone', Code.Unavailable);
    };
    const transport = createRouterTransport(({ service }) =>
      service(AdminService, { createApiKey: fail, revokeApiKey: fail }),
    );
    const admin = createScripAdminClient({
      transport,
      retry: { attemptsMax: 3, delayMsFirst: 1 },
    });
    await expect(admin.revokeApiKey({ apiKeyId: 'key_1' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(sent).toBe(3);
    await expect(admin.createApiKey({ name: 'k' })).rejects.toMatchObject({ code: 'unavailable' });
    expect(sent).toBe(4);
  });

  it('tells the reason of a refusal', async () => {
    const value = { reason: ErrorReason.API_KEY_NOT_FOUND, metadata: { api_key_id: 'key_1' } };
    const transport = createRouterTransport(({ service }) =>
      service(AdminService, {
        revokeApiKey: () => {
          const detail = { desc: ErrorDetailSchema, value };
          throw new ConnectError('none', Code.NotFound, {}, [detail]);
        },
      }),
    );
    const admin = createScripAdminClient({ transport });
    await expect(admin.revokeApiKey({ apiKeyId: 'key_1' })).rejects.toMatchObject({
      reason: 'API_KEY_NOT_FOUND',
      metadata: { api_key_id: 'key_1' },
    });
  });
});
