// Requests that reach no RPC: an unknown path, another HTTP method, a content type nobody speaks.
import type { DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { Request, Response } from './exchange.ts';

/** What is known of the RPC at a path. */
export type Route = {
  readonly method: DescMethod;
  readonly supportedContentType: (contentType: string | null) => boolean;
};

/** Why a request reaches no RPC. */
export type Unroutable = { readonly status: 404 | 405 | 415; readonly message: string };

const grpcContentType = /^application\/grpc(?:-web(?:-text)?)?(?:[+;]|$)/i;
/** UNIMPLEMENTED, as gRPC numbers it. */
const grpcUnimplemented = '12';

/** Says why no RPC takes a request, if so. */
export function judgeRoute(request: Request, route: Route | undefined): Unroutable | undefined {
  if (route === undefined) return { status: 404, message: 'No such RPC.' };
  const allowed = allowedMethods(route.method);
  if (!allowed.includes(request.method ?? '')) {
    return { status: 405, message: `${route.method.name} takes ${allowed.join(' and ')}.` };
  }
  const contentType = contentTypeOf(request);
  if (request.method === 'GET' || route.supportedContentType(contentType)) return undefined;
  const message = `The content type ${JSON.stringify(contentType)} is not spoken here.`;
  return { status: 415, message };
}

/** Answers a request that no RPC takes, in the form that its protocol understands. */
export function refuseUnroutable(
  request: Request,
  response: Response,
  { status, message }: Unroutable,
): void {
  const contentType = contentTypeOf(request);
  if (status === 404 && grpcContentType.test(contentType)) {
    response.setHeader('content-type', contentType);
    response.setHeader('grpc-status', grpcUnimplemented);
    response.setHeader('grpc-message', encodeURIComponent(message));
    response.end();
    return;
  }
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ code: 'unimplemented', message }));
}

function allowedMethods(method: DescMethod): readonly string[] {
  const isRead = method.idempotency === IdempotencyLevel.NO_SIDE_EFFECTS;
  return isRead && method.methodKind === 'unary' ? ['POST', 'GET'] : ['POST'];
}

function contentTypeOf(request: Request): string {
  return request.headers['content-type'] ?? '';
}
