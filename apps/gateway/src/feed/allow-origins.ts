// Lets pages of some origins read answers in a browser; those of others are told nothing.
import cors from '@fastify/cors';
import type { App } from '../app.ts';

/** How long a browser may remember what it was allowed, in seconds. */
const maxAgeSeconds = 7_200;

/** Has to come before the routes it is for. Without origins nothing is added. */
export async function allowOrigins(app: App, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET'],
    allowedHeaders: [
      'authorization',
      'cache-control',
      'last-event-id',
      'x-api-key',
      'x-request-id',
    ],
    exposedHeaders: ['retry-after', 'x-request-id'],
    maxAge: maxAgeSeconds,
    // Its own refusal of odd requests would not be in the words of the feed.
    strictPreflight: false,
  });
}
