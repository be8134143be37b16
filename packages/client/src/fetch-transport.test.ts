// Over `fetch`: what becomes of a call that reaches nobody.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createScripClient } from './index.ts';

it.each(['connect', 'grpc-web'] as const)(
  'is unavailable over %s where nobody listens, and a call that may be is sent again',
  async (protocol) => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    onTestFinished(() => fetched.mockRestore());
    const baseUrl = await closedAddress();
    const retry = { attemptsMax: 3, delayMsFirst: 1 };
    const call = createScripClient({ baseUrl, protocol, retry }).getHead({});
    await expect(call).rejects.toMatchObject({ name: 'ScripError', code: 'unavailable' });
    expect(fetched).toHaveBeenCalledTimes(3);
  },
);

async function closedAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('it has no address');
  return `http://127.0.0.1:${address.port}`;
}
