// The Fastify application: what holds for every façade.
import { newRequestId, readRest } from '@scrip/runtime';
import type { Clock, Log } from '@scrip/runtime';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify, LogController } from 'fastify';
import type { FastifyBaseLogger } from 'fastify';
import type { App } from './app.ts';
import type { Facade } from './facade.ts';
import { answerBrokenRequest, createFaultAnswerer, unknownRoute } from './faults/answer-faults.ts';
import { addBodyParser } from './json/body-parser.ts';

export type ServerTools = {
  readonly log: Log;
  readonly clock: Clock;
  readonly facades: readonly Facade[];
  readonly publicUrl: string | undefined;
};

/** The largest body; a larger one is answered 413. */
const bodyBytesMax = 1024 * 1024;
/** How long a client may take for its headers, and for its whole request. */
const headersMsMax = 30_000;
const requestMsMax = 30_000;
/** How often slow clients are looked for. */
const slownessCheckMs = 5_000;
/** A caller's own request id is kept when it looks like one: when the ledger keeps it. */
const saneRequestId = /^[\w.:/+=@-]{1,128}$/;
/** Query parameters that are whole numbers. Anything else that is sent for them stays text. */
const integerParameters = ['limit', 'offset', 'page', 'per_page'];
const integer = /^-?\d{1,9}$/;

/**
 * Nothing is dropped or converted silently. The first wrong field ends the check: naming them all
 * would let one body of a thousand wrong entries keep the process busy.
 */
const ajvOptions = {
  removeAdditional: false,
  coerceTypes: false,
  allErrors: false,
  allowUnionTypes: true,
  // Messages tell what the whole schema of a field demands, not only the keyword that failed.
  verbose: true,
} as const;

/** Makes the application without routes. */
export function createServer(tools: ServerTools): App {
  const { log, clock, facades, publicUrl } = tools;
  const answerFault = createFaultAnswerer({ facades, clock });
  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    loggerInstance,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestMsMax,
    http: { headersTimeout: headersMsMax, connectionsCheckingInterval: slownessCheckMs },
    // The façades answer while the last requests run; a framework page would not be theirs.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    frameworkErrors: (error, request, reply) => void answerFault(error, request, reply),
    clientErrorHandler: answerBrokenRequest(clock),
    ajv: { customOptions: ajvOptions },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.decorateRequest('caller');
  app.decorateRequest('publicUrl', publicUrl);
  app.setErrorHandler(async (error, request, reply) => {
    // After a body that cannot be taken the framework closes the connection.
    if (reply.getHeader('connection') === 'close') await readRest(request.raw);
    return answerFault(error, request, reply);
  });
  // For files of the reference page that are not there: their route is known.
  app.setNotFoundHandler((request) => {
    throw unknownRoute(request);
  });
  addBodyParser(app);
  addRequestHooks(app);
  return app;
}

function addRequestHooks(app: App): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // Before the body is read: what is wrong with the body of no route does not matter.
    if (request.is404) throw unknownRoute(request);
  });
  app.addHook('preValidation', async ({ query }) => {
    if (typeof query === 'object' && query !== null) readIntegers(query as Record<string, unknown>);
  });
  app.addHook('onResponse', async ({ method, routeOptions, log }, reply) => {
    const duration_ms = Math.round(reply.elapsedTime);
    const facts = { method, route: routeOptions.url, duration_ms };
    log.debug({ ...facts, status: reply.statusCode }, 'answered');
  });
}

function readIntegers(query: Record<string, unknown>): void {
  for (const name of integerParameters) {
    const text = query[name];
    if (typeof text === 'string' && integer.test(text)) query[name] = Number(text);
  }
}

function requestIdOf(sent: string | readonly string[] | undefined): string {
  return typeof sent === 'string' && saneRequestId.test(sent) ? sent : newRequestId();
}
