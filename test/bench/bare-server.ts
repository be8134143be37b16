// The other baseline: an empty handler on Node's own HTTP servers, with no library in between. It
// answers Connect over HTTP/1.1 on one port, and Connect and gRPC over HTTP/2 on another.
import { createServer as createH1Server } from 'node:http';
import { createServer as createH2Server } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

const emptyMessage = Buffer.alloc(5);

const h1 = createH1Server((request, response) => {
  request.resume().once('end', () => {
    response.writeHead(200, { 'content-type': 'application/proto', 'content-length': 0 }).end();
  });
});

const h2 = createH2Server();
h2.on('stream', (stream, headers) => {
  stream.resume().once('end', () => {
    if (headers['content-type'] !== 'application/grpc') {
      stream.respond({ ':status': 200, 'content-type': 'application/proto' }, { endStream: true });
      return;
    }
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    );
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(emptyMessage);
  });
});

for (const server of [h1, h2]) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}
const [h1Url, h2Url] = [h1, h2].map((server) => {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
});
process.send?.({ h1Url, h2Url });
process.once('disconnect', () => process.exit(0));
