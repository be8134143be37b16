// The OpenAPI document, generated from the schemas that validate.
import swagger from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import type { TObject } from 'typebox';
import type { App } from './app.ts';

/** Has to come before the routes that it describes. */
export async function addOpenApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Scrip',
        version: '0.1.0',
        description: 'The REST façades of the ledger. Amounts are decimals, exact at any size.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ apiKey: [] }, { bearer: [] }],
    },
    transform: ({ schema, url }) => ({ schema: asSent(schema), url }),
    refResolver: { buildLocalReference: ({ $id }) => (typeof $id === 'string' ? $id : '') },
  });
}

/** What is sent: a parameter with a default may be left out, though the route always has it. */
function asSent(schema: FastifySchema | undefined): FastifySchema {
  const query = schema?.querystring as TObject | undefined;
  if (query === undefined) return { ...schema };
  const required = query.required?.filter((name) => !hasDefault(query.properties[name]));
  return { ...schema, querystring: { ...query, required } };
}

function hasDefault(schema: object | undefined): boolean {
  return schema !== undefined && 'default' in schema;
}
