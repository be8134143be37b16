// The page on which people read `/openapi.json`. All of it is served from here: it works without a
// way to the outside, and the browser is told not to look for one.
import swaggerUi from '@fastify/swagger-ui';
import type { App } from '../app.ts';

/** What the page may load and whom it may ask: this gateway alone. */
const contentSecurityPolicy = {
  'default-src': "'self'",
  'img-src': "'self' data:",
  'style-src': "'self' 'unsafe-inline'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
} as const;

/** Adds the page at `/docs`. */
export async function addReferencePage(app: App): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'Scrip: the REST façades' },
    staticCSP: contentSecurityPolicy,
    validatorUrl: false,
    uiConfig: {
      urls: [{ url: '/openapi.json', name: 'Scrip' }],
      docExpansion: 'list',
      defaultModelsExpandDepth: -1,
    },
  });
}
