// The gateway's own paths: is it alive, is it ready, what has it done, what does it speak.
import { metricsContentType } from '@scrip/runtime';
import type { App } from '../app.ts';
import { StateSchema } from './schemas.ts';

export type OwnTools = {
  readonly ready: () => Promise<boolean>;
  /** The figures of the process, in the text of Prometheus. Absent: no such path. */
  readonly metrics?: (() => Promise<string>) | undefined;
};

const tags = ['Gateway'];
const security: [] = [];

export function addOwnRoutes(app: App, { ready, metrics }: OwnTools): void {
  app.get(
    '/healthz',
    { schema: { tags, security, summary: 'Alive', response: { 200: StateSchema } } },
    () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        tags,
        security,
        summary: 'Whether posts are accepted',
        response: { 200: StateSchema, 503: StateSchema },
      },
    },
    async (_request, reply) => {
      const isReady = await ready().catch(() => false);
      void reply.code(isReady ? 200 : 503);
      return { status: isReady ? ('ok' as const) : ('unavailable' as const) };
    },
  );
  if (metrics !== undefined) {
    app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
      reply.type(metricsContentType).send(await metrics()),
    );
  }
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
