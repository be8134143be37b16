// A server for stories that do not end it: on an empty database of the run's own cluster, which
// needs no PostgreSQL of its own and may forget everything.

import { createTestDatabase, type ScripProcess, startScrip } from '@scrip/testkit';

export type ScripOnTestCluster = ScripProcess & { readonly databaseUrl: string };

/** Starts it, with more settings if need be; `stop` removes the database too. */
export async function startScripOnTestCluster(
  settings: Readonly<Record<string, string>> = {},
): Promise<ScripOnTestCluster> {
  const database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, SCRIP_ALLOW_UNSAFE_DATABASE: 'true', ...settings };
  try {
    const scrip = await startScrip({ env });
    const stop = async (): Promise<number | undefined> => {
      const exitCode = await scrip.stop();
      await database.drop();
      return exitCode;
    };
    return { ...scrip, databaseUrl: database.url, stop };
  } catch (error) {
    await database.drop();
    throw error;
  }
}
