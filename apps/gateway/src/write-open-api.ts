// Writes the OpenAPI document to `openapi.json`, where reviews see it change.
import { writeFileSync } from 'node:fs';
import { createRouterTransport } from '@connectrpc/connect';
import { createLog } from '@scrip/runtime';
import { createGateway } from './gateway.ts';

const transport = createRouterTransport(() => undefined);
const gateway = await createGateway({ transport, log: createLog({ level: 'error' }) });
const document = await gateway.inject({ url: '/openapi.json' });
await gateway.close();
const text = `${JSON.stringify(document.json(), undefined, 2)}\n`;
writeFileSync(new URL('../openapi.json', import.meta.url), text);
