// gRPC with @grpc/grpc-js and messages from the .proto files.

import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { CallOptions, Caller, Outcome } from './caller.ts';
import { decodeErrorDetail, methodOf, serviceOf, toJson, toMessage } from './proto.ts';
import { codeNames, refusalOf } from './refusal.ts';

export type GrpcCaller = {
  readonly call: Caller;
  /** The standard health check's answer for a service; `''` is the server. */
  readonly checkHealth: (service: string) => Promise<string>;
  readonly close: () => void;
};

/** A caller over gRPC. Close it, or its connection keeps the process. */
export function createGrpcCaller(ledgerUrl: string, defaultKey: string): GrpcCaller {
  const client = new Client(new URL(ledgerUrl).host, credentials.createInsecure());
  const call: Caller = (method, request, options = {}) => {
    const { path, requestSerialize, responseDeserialize } = methodOf(method);
    return new Promise((resolve) => {
      let isReplay = false;
      let requestId = '';
      const metadata = metadataOf({ apiKey: defaultKey, ...options });
      const unary = client.makeUnaryRequest<object, object>(
        path,
        requestSerialize,
        responseDeserialize,
        toMessage(request),
        metadata,
        (error, message) =>
          resolve({
            ...(error === null ? { code: 'ok', answer: toJson(message ?? {}) } : failure(error)),
            isReplay,
            requestId: requestId || textOf(error?.metadata, 'scrip-request-id'),
          }),
      );
      unary.on('metadata', (header) => {
        isReplay = textOf(header, 'scrip-idempotent-replay') === 'true';
        requestId = textOf(header, 'scrip-request-id');
      });
    });
  };
  return {
    call,
    checkHealth: (service) => checkHealth(client, service),
    close: () => client.close(),
  };
}

function checkHealth(client: Client, service: string): Promise<string> {
  const check = serviceOf('grpc.health.v1.Health')['Check'];
  if (check === undefined) throw new Error('the health service has no Check');
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest<object, object>(
      check.path,
      check.requestSerialize,
      check.responseDeserialize as (bytes: Buffer) => object,
      { service },
      (error, message) => {
        if (error !== null) reject(error);
        else resolve((message as { readonly status: string }).status);
      },
    );
  });
}

function metadataOf({ apiKey = '', headers = {} }: CallOptions): Metadata {
  const metadata = new Metadata();
  if (apiKey !== '') metadata.set('x-api-key', apiKey);
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

function failure(error: ServiceError): Pick<Outcome, 'code' | 'answer' | 'message'> {
  const [status] = error.metadata.get('grpc-status-details-bin');
  const detail = Buffer.isBuffer(status) ? decodeErrorDetail(status) : {};
  const code = codeNames[error.code] ?? String(error.code);
  // grpc-js leaves some of what the server percent-encoded, commas say, as it is.
  const message = decodeURIComponent(error.details);
  return { code, answer: {}, message, ...refusalOf(detail) };
}

function textOf(metadata: Metadata | undefined, name: string): string {
  return String(metadata?.get(name)[0] ?? '');
}
