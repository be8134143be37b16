// Requests that reach no RPC: an unknown path, another HTTP method, a content type nobody speaks.
import { MethodOptions_IdempotencyLevel as IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { DescMethod } from '@bufbuild/protobuf';
import type { Request, Response } from './request-handler.ts';

type Known = {
  readonly method: DescMethod;
  readonly supportedContentType: (contentType: string | null) => boolean;
};

const grpcContentType = /^application\/grpc(?:-web(?:-text)?)?(?:[+;]|$)/i;
/** UNIMPLEMENTED, as gRPC numbers it. */
const grpcUnimplemented = '12';

/** Answers a request that no RPC takes, in the form that its protocol understands. */
export function refuseUnroutable(
  request: Request,
  response: Response,
  known: Known | undefined,
): boolean {
  const contentType = headerOf(request, 'content-type');
  if (known === undefined) {
    const message = 'No such RPC.';
    if (grpcContentType.test(contentType)) refuseAsGrpc(response, contentType, message);
    else refuseAsJson(response, { status: 404, message });
    return true;
  }
  if (!allowedMethods(known.method).includes(request.method ?? '')) {
    const message = `${known.method.name} takes ${allowedMethods(known.method).join(' and ')}.`;
    refuseAsJson(response, { status: 405, message });
    return true;
  }
  if (request.method === 'GET' || known.supportedContentType(contentType)) return false;
  const message = `The content type ${JSON.stringify(contentType)} is not spoken here.`;
  refuseAsJson(response, { status: 415, message });
  return true;
}

function allowedMethods(method: DescMethod): readonly string[] {
  return method.idempotency === IdempotencyLevel.NO_SIDE_EFFECTS ? ['POST', 'GET'] : ['POST'];
}

function headerOf(request: Request, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function refuseAsJson(
  response: Response,
  { status, message }: { readonly status: number; readonly message: string },
): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ code: 'unimplemented', message }));
}

function refuseAsGrpc(response: Response, contentType: string, message: string): void {
  response.setHeader('content-type', contentType);
  response.setHeader('grpc-status', grpcUnimplemented);
  response.setHeader('grpc-message', encodeURIComponent(message));
  response.end();
}
