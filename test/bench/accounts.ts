// Accounts to post to and to watch, and how far their book is.

/** Creates so many, each of a customer of its own, named so; gives their ids. */
export async function createAccounts(
  url: string,
  apiKey: string,
  { count, customer = 'customer' }: { readonly count: number; readonly customer?: string },
): Promise<readonly string[]> {
  const create = async (_: unknown, index: number): Promise<string> => {
    const request = { customerId: `${customer} ${index}`, name: `of ${count}` };
    const { account } = (await call(url, apiKey, ['CreateAccount', request])) as {
      readonly account: { readonly id: string };
    };
    return account.id;
  };
  return Promise.all(Array.from({ length: count }, create));
}

/** The sequence of the last event. */
export async function readHead(url: string, apiKey: string): Promise<number> {
  const { sequence } = (await call(url, apiKey, ['GetHead', {}])) as { readonly sequence: string };
  return Number(sequence);
}

/** Calls a method of the ledger with JSON. */
export async function call(
  url: string,
  apiKey: string,
  [method, request]: readonly [method: string, request: object],
): Promise<unknown> {
  const response = await fetch(`${url}/scrip.ledger.v1.LedgerService/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify(request),
  });
  return response.json();
}
