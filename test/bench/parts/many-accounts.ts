// The accounts of a book by the ten thousand: created as a load, then listed.
import { call } from '../accounts.ts';
import type { Generator } from '../generate.ts';

/** Creates accounts in an empty book, with much on each; gives their ids. */
export async function createManyAccounts(
  generator: Generator,
  { url, apiKey }: { readonly url: string; readonly apiKey: string },
  count: number,
): Promise<readonly string[]> {
  const load = { url, apiKey, protocol: 'connect', call: 'create', accountIds: [] } as const;
  const inFlight = Math.min(128, count);
  const { failureCount, failure } = await generator.run({
    ...load,
    inFlight,
    callCountMax: count,
    warmUpMs: 0,
    durationMs: 0,
  });
  if (failureCount > 0) throw new Error(`An account could not be created: ${failure}`);
  return listIds(url, apiKey);
}

async function listIds(url: string, apiKey: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let hasMore = true; hasMore;) {
    const [last] = ids.slice(-1);
    const request = { pageSize: 1_000, ...(last === undefined ? {} : { startingAfter: last }) };
    const page = (await call(url, apiKey, ['ListAccounts', request])) as {
      readonly accounts: readonly { readonly id: string }[];
      readonly hasMore?: boolean;
    };
    ids.push(...page.accounts.map(({ id }) => id));
    hasMore = page.hasMore ?? false;
  }
  return ids;
}
