// The baseline: a stock Connect server whose handler does nothing, in a process of its own. It
// answers over HTTP/1.1 on one port, and over HTTP/2 on another.
import { createServer as createH1Server } from 'node:http';
import { createServer as createH2Server } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { LedgerService } from '@scrip/contract';

const handler = connectNodeAdapter({
  routes: (router) => router.service(LedgerService, { credit: () => ({}) }),
});

const urls: string[] = [];
for (const server of [createH1Server(handler), createH2Server(handler)]) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  urls.push(`http://127.0.0.1:${port}`);
}
const [h1Url, h2Url] = urls;
process.send?.({ h1Url, h2Url });
process.once('disconnect', () => process.exit(0));
