// What a writer does next: every kind of change, single and in batches.
import { BatchMode, EntrySide } from '@scrip/contract';
import type { Random } from '../../faults/load/random.ts';
import { acknowledge, type Ledger, type World } from './world.ts';

/** One request; tells the last sequence that it made, 0 when all of it was refused. */
export type Act = (ledger: Ledger) => Promise<{ readonly sequence: bigint }>;

type Choice = { readonly world: World; readonly random: Random; readonly key: string };

const acts: readonly (readonly [weight: number, choose: (choice: Choice) => Act])[] = [
  [8, credit],
  [6, debit],
  [5, post],
  [4, batch],
  [2, createAccount],
  [1, updateAccount],
  [1, freezeAccount],
  [2, unfreezeAccount],
];
const weightSum = acts.reduce((sum, [weight]) => sum + weight, 0);

export function chooseAct(choice: Choice): Act {
  let rest = choice.random.below(weightSum);
  for (const [weight, choose] of acts) {
    if (rest < weight) return choose(choice);
    rest -= weight;
  }
  return credit(choice);
}

/** Credits every account, so that each filter by account or customer has something at the end. */
export async function creditAll(world: World, ledger: Ledger): Promise<void> {
  for (const accountId of world.accountIds) {
    await ledger.unfreezeAccount({ account: byId(accountId) }).catch(() => undefined);
    const idempotencyKey = `last ${accountId}`;
    const request = { account: byId(accountId), amount: '1', reference: 'last', idempotencyKey };
    const sentAtMs = performance.now();
    const { sequence } = await ledger.credit(request);
    acknowledge(world, sentAtMs, sequence);
  }
}

function credit(choice: Choice): Act {
  return (ledger) => ledger.credit(oneSided(choice));
}

function debit(choice: Choice): Act {
  const request = oneSided(choice);
  return (ledger) => ledger.debit({ ...request, amount: '1' });
}

function post({ world, random, key }: Choice): Act {
  const debited = world.accountIds[random.below(world.accountIds.length - 1)] ?? '';
  const others = world.accountIds.filter((id) => id !== debited);
  const entries = [
    { account: byId(debited), side: EntrySide.DEBIT, amount: '3' },
    { account: byId(random.pick(others) ?? ''), side: EntrySide.CREDIT, amount: '3' },
  ];
  const metadata = { order: key, 10: random.below(9), nested: { list: [1, 'two', null] } };
  return (ledger) =>
    ledger.postTransaction({ entries, reference: 'a post', idempotencyKey: key, metadata });
}

function batch({ world, random, key }: Choice): Act {
  const itemCount = random.chance(0.1) ? 400 : 1 + random.below(40);
  const items = Array.from({ length: itemCount }, (_, i) => ({
    item: { case: 'credit' as const, value: oneSided({ world, random, key: `${key} ${i}` }) },
  }));
  return async (ledger) => {
    const { results } = await ledger.postBatch({ items, mode: BatchMode.INDEPENDENT });
    const posted = results.map(({ result }) =>
      result.case === 'posted' ? (result.value.transaction?.sequence ?? 0n) : 0n,
    );
    return { sequence: posted.reduce((max, each) => (each > max ? each : max), 0n) };
  };
}

function createAccount({ world, random, key }: Choice): Act {
  const customerId = random.pick(world.customerIds) ?? '';
  const opening = random.chance(0.5) ? { initialBalance: '50' } : {};
  return async (ledger) => {
    const request = { customerId, name: key, externalId: key, idempotencyKey: key, ...opening };
    const { account, sequence } = await ledger.createAccount(request);
    const id = account?.id ?? '';
    if (!world.accountIds.includes(id)) world.accountIds.push(id);
    return { sequence };
  };
}

function updateAccount({ world, random, key }: Choice): Act {
  const account = byId(random.pick(world.accountIds) ?? '');
  return (ledger) => ledger.updateAccount({ account, displayName: key, idempotencyKey: key });
}

function freezeAccount({ world, random }: Choice): Act {
  const account = byId(random.pick(world.accountIds) ?? '');
  return (ledger) => ledger.freezeAccount({ account });
}

function unfreezeAccount({ world, random }: Choice): Act {
  const account = byId(random.pick(world.accountIds) ?? '');
  return (ledger) => ledger.unfreezeAccount({ account });
}

function oneSided({ world, random, key }: Choice) {
  return {
    account: byId(random.pick(world.accountIds) ?? ''),
    amount: String(1 + random.below(20)),
    reference: `order ${random.below(50)}`,
    idempotencyKey: key,
    ...(random.chance(0.3) ? { metadata: { item: random.below(9), note: 'ä secret' } } : {}),
  };
}

function byId(id: string) {
  return { ref: { case: 'id' as const, value: id } };
}
