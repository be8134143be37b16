// The web console below `/console/`. What its files are and which headers they bear, its site says.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { unknownRoute } from '../faults/answer-faults.ts';

/** A site of files, as whoever starts the gateway hands it in. */
export type Site = {
  /** Answers a path below the site's place; undefined where there is no such file. */
  readonly answer: (request: {
    readonly path: string;
    readonly host: string | undefined;
    readonly acceptEncoding: string | undefined;
  }) => Promise<SiteAnswer | undefined>;
};

type SiteAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

const place = '/console';
const hidden = { schema: { hide: true } } as const;

export function addConsole(app: App, site: Site): void {
  app.get(place, hidden, (_request, reply) => reply.redirect(`${place}/`));
  app.get(`${place}/*`, hidden, (request, reply) => answer(site, request, reply));
}

async function answer(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { '*': path } = request.params as { readonly '*': string };
  const { host, 'accept-encoding': acceptEncoding } = request.headers;
  const found = await site.answer({ path, host, acceptEncoding: acceptEncoding?.toString() });
  if (found === undefined) throw unknownRoute(request);
  return reply.code(found.status).headers(found.headers).send(found.body);
}
