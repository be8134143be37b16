// The one door of @scrip/runtime.

export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { formatAddress } from './config/address.ts';
export type { Address } from './config/address.ts';
export { describeFlags, settingsTable } from './config/describe-settings.ts';
export { originsOf } from './config/origin.ts';
export { readConfig } from './config/read-config.ts';
export type { Config, FlagTexts } from './config/read-config.ts';
export type { SettingKey } from './config/settings.ts';
export { endLeftPostgres, startEmbeddedPostgres } from './embedded-postgres/start.ts';
export type { EmbeddedPostgres, PostgresConnection } from './embedded-postgres/start.ts';
export { hasEmbeddedPostgres, makeDataDir } from './embedded-postgres/folders.ts';
export { newRequestId, randomId, randomSecret, randomToken } from './ids.ts';
export { createLog } from './log.ts';
export type { Log } from './log.ts';
export { createMetrics, metricsContentType } from './metrics/metrics.ts';
export type { Metrics } from './metrics/metrics.ts';
export { OperatorError } from './operator-error.ts';
export { readRest } from './read-rest.ts';
export { createShutdown } from './shutdown.ts';
export type { Shutdown } from './shutdown.ts';
export { keepObjectsYoung } from './young-objects.ts';
