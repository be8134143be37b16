// The ledger server: gRPC, Connect and gRPC-Web on one port.
export { createApiKey, digestApiKey, scopes } from './auth/api-key.ts';
export { createLedger } from './compose.ts';
export { startTracing } from './tracing/start-tracing.ts';
