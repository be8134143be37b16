// Accounts to post to and to watch.

/** Creates so many, each of a customer of its own; gives their ids. */
export async function createAccounts(
  url: string,
  apiKey: string,
  count: number,
): Promise<readonly string[]> {
  const create = async (_: unknown, index: number): Promise<string> => {
    const response = await fetch(`${url}/scrip.ledger.v1.LedgerService/CreateAccount`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body: JSON.stringify({ customerId: `customer ${index}`, name: `of ${count}` }),
    });
    const { account } = (await response.json()) as { readonly account: { readonly id: string } };
    return account.id;
  };
  return Promise.all(Array.from({ length: count }, create));
}
