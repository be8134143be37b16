// The one door of @scrip/testkit.

export { createTestDatabase } from './database.ts';
export type { TestDatabase } from './database.ts';
export { runScrip, startScrip } from './process.ts';
export type { CommandResult, ScripOptions, ScripProcess, StoreKeys } from './process.ts';
export { startTestCluster } from './test-cluster.ts';
export type { TestCluster, TestClusterOptions } from './test-cluster.ts';
