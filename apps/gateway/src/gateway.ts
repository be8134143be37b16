// Puts the gateway together: the ledger's client, the façades, the document, the listening socket.
import type { AddressInfo } from 'node:net';
import { createClient } from '@connectrpc/connect';
import type { Transport } from '@connectrpc/connect';
import { createScripCouponClient, createScripClient, ScripError } from '@scrip/client';
import { createNodeTransport } from '@scrip/client/node';
import type { Account } from '@scrip/contract';
import { Health, HealthServingStatus } from '@scrip/contract';
import type { Address, Clock, Log } from '@scrip/runtime';
import { systemClock } from '@scrip/runtime';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { App } from './app.ts';
import type { Caller } from './caller.ts';
import { readApiKey } from './caller.ts';
import { couponCredits } from './coupon-credits/facade.ts';
import { sharedSchemas as couponCreditsSchemas } from './coupon-credits/schemas.ts';
import { creditsDev } from './credits-dev/facade.ts';
import { sharedSchemas as creditsDevSchemas } from './credits-dev/schemas.ts';
import { creemCommerce } from './creem-commerce/facade.ts';
import { creemCredits } from './creem-credits/facade.ts';
import { sharedSchemas as creemCreditsSchemas } from './creem-credits/schemas.ts';
import type { Facade, FacadeTools } from './facade.ts';
import { feed } from './feed/facade.ts';
import { addFeedRoutes } from './feed/routes.ts';
import { sharedSchemas as feedSchemas } from './feed/schemas.ts';
import { plainCall } from './ledger-call.ts';
import { addOpenApi } from './open-api.ts';
import { addConsole } from './own/console-site.ts';
import type { Site } from './own/console-site.ts';
import { addReferencePage } from './own/reference-page.ts';
import { addOwnRoutes } from './own/routes.ts';
import { createServer } from './server.ts';
import type { StoreIds } from './store-ids.ts';
import { createStoreIds } from './store-ids.ts';

export type GatewayOptions = (
  | { readonly transport: Transport }
  | {
      /** Where the ledger listens, `http://127.0.0.1:7410` say. */
      readonly ledgerUrl: string;
    }
) & {
  readonly log: Log;
  /** Whether posts are accepted, for `/readyz`. Default: what the ledger's health check says. */
  readonly ready?: () => Promise<boolean>;
  /** The figures of the process in the text of Prometheus. Absent: there is no `/metrics`. */
  readonly metrics?: () => Promise<string>;
  /** The web console, served below `/console/`. Absent: there is none. */
  readonly console?: Site;
  /** The origins whose pages may read `/v1/feed` in a browser, `https://shop.example` say. */
  readonly allowedOrigins?: readonly string[];
  /**
   * What the gateway is called from outside, `https://credits.example` say: links in answers begin
   * with it. Default: what a request was sent to, as http.
   */
  readonly publicUrl?: string;
  /** How long a stop waits for the requests under way before it cuts them off. Default 5 s. */
  readonly graceMs?: number;
  readonly clock?: Clock;
};

export type Gateway = {
  /** Begins to listen; gives the address, with the port that the system chose for port 0. */
  readonly listen: (address: Address) => Promise<Address>;
  /** Takes no new connections, lets requests under way end within the grace, then cuts them off. */
  readonly close: () => Promise<void>;
  /** Asks the gateway without a socket. For tests. */
  readonly inject: (request: InjectOptions) => Promise<LightMyRequestResponse>;
};

const readyTimeoutMs = 2_000;
const graceMsDefault = 5_000;
/** The first façade that owns a path has it; the last owns what is left. */
const facades: readonly Facade[] = [creemCredits, creditsDev, couponCredits, feed, creemCommerce];
const sharedSchemas = [
  ...creemCreditsSchemas,
  ...creditsDevSchemas,
  ...couponCreditsSchemas,
  ...feedSchemas,
];

/** Makes the gateway. Every answer comes from the ledger; the gateway keeps nothing. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { log, clock = systemClock, publicUrl } = options;
  const transport =
    'transport' in options
      ? options.transport
      : createNodeTransport({ baseUrl: options.ledgerUrl });
  // A refusal goes back to the caller at once, who decides about trying again.
  const ledger = createScripClient({ transport, retry: false });
  const coupons = createScripCouponClient({ transport, retry: false });
  const app = createServer({ log, clock, facades, publicUrl });
  await addOpenApi(app);
  for (const schema of sharedSchemas) app.addSchema(schema);
  const own = { ready: readyOf(options, transport), metrics: options.metrics };
  await app.register(async (scope) => addOwnRoutes(scope, own));
  await addReferencePage(app);
  const site = options.console;
  if (site !== undefined) await app.register(async (scope) => addConsole(scope, site));
  const { allowedOrigins = [] } = options;
  await app.register(async (scope) => addFeedRoutes(scope, { ledger, allowedOrigins }), {
    prefix: feed.prefix,
  });
  const isKept = (account: Account) => facades.some(({ keeps }) => keeps?.(account) === true);
  const tools = { ledger, coupons, isKept, storeIds: createStoreIds(ledger) };
  for (const facade of facades) await addFacade(app, facade, tools);
  await app.ready();
  return {
    listen: (address) => listen(app, address),
    close: () => close(app, options.graceMs ?? graceMsDefault),
    inject: (request) => app.inject(request),
  };
}

type Tools = FacadeTools & { readonly storeIds: StoreIds };

/** Adds a façade behind the check of the key, which comes before anything of the body is read. */
async function addFacade(app: App, facade: Facade, tools: Tools): Promise<void> {
  const { addRoutes, prefix, routesPrefix = prefix } = facade;
  const { storeIds, ...facadeTools } = tools;
  if (addRoutes === undefined) return;
  await app.register(
    async (scope: App) => {
      scope.addHook('onRequest', async (request, reply) => {
        const apiKey = readApiKey(request.headers);
        const call = plainCall(apiKey, request, reply);
        request.caller = await storeIds(apiKey, call).then(
          (storeId): Caller => ({ apiKey, storeId }),
          (error: unknown) => callerOfHiddenStore(facade, apiKey, error),
        );
      });
      addRoutes(scope, facadeTools);
    },
    { prefix: routesPrefix },
  );
}

/** A key without the scope to see its store is a good one where no answer names the store. */
function callerOfHiddenStore({ namesNoStore }: Facade, apiKey: string, error: unknown): Caller {
  const isHidden = error instanceof ScripError && error.reason === 'SCOPE_MISSING';
  if (namesNoStore === true && isHidden) return { apiKey, storeId: '' };
  throw error;
}

async function listen(app: App, { host, port }: Address): Promise<Address> {
  await app.listen({ host, port });
  const bound = app.server.address() as AddressInfo;
  return { host, port: bound.port };
}

/** A client that never ends its request does not hold the stop up for longer than the grace. */
async function close(app: App, graceMs: number): Promise<void> {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), graceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cutOff);
  }
}

function readyOf(options: GatewayOptions, transport: Transport): () => Promise<boolean> {
  if (options.ready !== undefined) return options.ready;
  const health = createClient(Health, transport);
  return async () => {
    const { status } = await health.check({}, { timeoutMs: readyTimeoutMs });
    return status === HealthServingStatus.SERVING;
  };
}
