// A receiver of traces by OTLP over HTTP, as a collector is one.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type MethodDefinition, loadSync } from '@grpc/proto-loader';

export type ReceivedSpan = {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId: string;
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
};

export type TraceReceiver = {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** How often spans were sent, received or not. */
  readonly requestCount: () => number;
  readonly close: () => Promise<void>;
};

type Pair = {
  readonly key: string;
  readonly value: { readonly string_value?: string; readonly int_value?: string };
};

type Request = {
  readonly resource_spans: readonly {
    readonly resource: { readonly attributes: readonly Pair[] };
    readonly scope_spans: readonly {
      readonly spans: readonly {
        readonly trace_id: string;
        readonly parent_span_id?: string;
        readonly name: string;
        readonly attributes: readonly Pair[];
      }[];
    }[];
  }[];
};

const definition = loadSync(fileURLToPath(new URL('otlp-traces.proto', import.meta.url)), {
  keepCase: true,
  longs: String,
  bytes: String,
});
const exportMethod = (
  definition['otlp.Traces'] as { readonly Export: MethodDefinition<object, object> }
).Export;

/** Starts on a free port; answers every request with the status. */
export async function startTraceReceiver(status = 200): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = [];
  let requestCount = 0;
  const server = createServer((request, response) => {
    requestCount += 1;
    void buffer(request).then((bytes) => {
      if (request.url === '/v1/traces') spans.push(...read(bytes));
      response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requestCount: () => requestCount,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function read(bytes: Buffer): readonly ReceivedSpan[] {
  const { resource_spans: groups } = exportMethod.requestDeserialize(bytes) as Request;
  return groups.flatMap(({ resource, scope_spans: scopes }) =>
    scopes.flatMap(({ spans }) =>
      spans.map((span) => ({
        name: span.name,
        traceId: hex(span.trace_id),
        parentSpanId: hex(span.parent_span_id ?? ''),
        service: toRecord(resource.attributes)['service.name'] ?? '',
        attributes: toRecord(span.attributes),
      })),
    ),
  );
}

function hex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

function toRecord(pairs: readonly Pair[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map(({ key, value }) => [key, value.string_value ?? value.int_value ?? '']),
  );
}
