// The baseline: a stock Connect server whose handler does nothing, in a process of its own for each
// version of HTTP: one that has seen both is slower.
import { createServer as createH1Server } from 'node:http';
import { createServer as createH2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { LedgerService } from '@scrip/contract';

const handler = connectNodeAdapter({
  routes: (router) => router.service(LedgerService, { credit: () => ({}) }),
});

const server = process.argv[2] === 'h1' ? createH1Server(handler) : createH2Server(handler);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.(`http://127.0.0.1:${port}`);
});
process.once('disconnect', () => process.exit(0));
