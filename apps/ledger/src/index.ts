// The ledger server: gRPC, Connect and gRPC-Web on one port.
export { createApiKey, digestApiKey, scopes, type NewApiKey, type Scope } from './auth/api-key.ts';
export { createLedger, type Ledger, type LedgerLimits, type LedgerOptions } from './compose.ts';
export { startTracing } from './tracing/start-tracing.ts';
