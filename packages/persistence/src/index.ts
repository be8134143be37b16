// PostgreSQL behind the engine's ports: the only room that knows SQL.
export { parseDatabaseUrl, type ConnectionSettings } from './connection/parse-database-url.ts';
export { DatabaseUnfitError } from './database-unfit-error.ts';
export type { BookStatus, DatabaseStatus } from './status/read-status.ts';
export { openDatabase, type Database } from './database.ts';
export type { ApiKey, ApiKeys } from './keys/api-keys.ts';
