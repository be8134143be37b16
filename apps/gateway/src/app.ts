// The Fastify application as this room types it: TypeBox schemas give the types of every route.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Caller } from './caller.ts';

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls. Known on the routes of a façade, before anything of the body is read. */
    caller: Caller;
    /** What the gateway is called from outside, without a slash at its end, if it was told. */
    readonly publicUrl: string | undefined;
  }
}
