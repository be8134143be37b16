// The accounts that writers write to and watchers watch, and what writers were answered.
import type { LedgerService } from '@scrip/contract';
import type { Client } from '@connectrpc/connect';

export type Ledger = Client<typeof LedgerService>;

/** A change that was acknowledged, with the times of one clock. */
export type Acknowledged = {
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  readonly sequence: number;
};

export type World = {
  /** Ids of all accounts that are known so far. */
  readonly accountIds: string[];
  readonly customerIds: readonly string[];
  readonly acknowledged: Acknowledged[];
  /** The highest sequence that was acknowledged. */
  headSequence: number;
};

/** Customers of whom the last ones have no account yet. */
const customerCount = 10;
const accountCount = 12;

export function createWorld(): World {
  const customerIds = Array.from({ length: customerCount }, (_, i) => `customer ${i}`);
  return { accountIds: [], customerIds, acknowledged: [], headSequence: 0 };
}

/** Makes the first accounts, two for each of the first customers. */
export async function fillWorld(world: World, ledger: Ledger): Promise<void> {
  for (let i = 0; i < accountCount; i++) {
    const { account, sequence } = await ledger.createAccount({
      customerId: world.customerIds[Math.floor(i / 2)] ?? '',
      name: `account ${i}`,
      externalId: `account ${i}`,
      displayName: `Somebody ${i}`,
      ...(i % 3 === 0 ? { initialBalance: '1000' } : {}),
    });
    world.accountIds.push(account?.id ?? '');
    world.headSequence = Number(sequence);
  }
}

/** Notes an answer. */
export function acknowledge(world: World, sentAtMs: number, sequence: bigint): void {
  const told = Number(sequence);
  if (told === 0) return;
  world.acknowledged.push({ sentAtMs, answeredAtMs: performance.now(), sequence: told });
  world.headSequence = Math.max(world.headSequence, told);
}
