// PostgreSQL behind the engine's ports: the only room that knows SQL.
export { parseDatabaseUrl, type ConnectionSettings } from './connection/parse-database-url.ts';
export type { ConnectionUse } from './connection/guarded-pool.ts';
export { DatabaseUnfitError } from './database-unfit-error.ts';
export type { BookStatus, DatabaseStatus } from './status/read-status.ts';
export { openDatabase, type Database, type DatabaseOptions } from './database.ts';
export type { ApiKey, ApiKeys, NewApiKey } from './keys/api-keys.ts';
export type { SigningKey, SigningKeys } from './keys/signing-keys.ts';
export type { NewStore, Stores, StoreView } from './keys/stores.ts';
