// Chooses the next write: mostly credits and debits on few hot accounts, now and then others.
import type { AccountRef, Write } from '../history/call.ts';
import { formatAmount, parseAmount } from '../model/amount.ts';
import type { Random } from './random.ts';
import type { KnownAccount, World } from './world.ts';

/** A share of the accounts takes half of the load. */
const hotCount = 6;
const frozenCountMax = 3;
const accountCountMax = 400;

type Weighted = readonly [weight: number, make: (world: World, random: Random) => Write];

const weighted: readonly Weighted[] = [
  [430, (world, random) => oneSided('Credit', world, random)],
  [340, (world, random) => oneSided('Debit', world, random)],
  [110, post],
  [40, reverse],
  [15, createAccount],
  [20, changeStatus],
  [15, updateAccount],
  [20, repeat],
  [7, reuseKey],
  [3, malformed],
];

const weightSum = weighted.reduce((sum, [weight]) => sum + weight, 0);
const postingMethods: ReadonlySet<Write['method']> = new Set([
  'Credit',
  'Debit',
  'PostTransaction',
  'ReverseTransaction',
]);

/** The next write of a client. */
export function chooseWrite(world: World, random: Random): Write {
  let rest = random.below(weightSum);
  for (const [weight, make] of weighted) {
    if (rest < weight) return make(world, random);
    rest -= weight;
  }
  return oneSided('Credit', world, random);
}

/** The next write of those that make a transaction, as a batch takes them. */
export function choosePosting(world: World, random: Random): Write {
  for (;;) {
    const write = chooseWrite(world, random);
    if (postingMethods.has(write.method)) return write;
  }
}

/** A new account. Its first ones are made before the load begins. */
export function createAccount(world: World, random: Random): Write {
  const number = world.nextNumber();
  const isFull = world.accounts.length >= accountCountMax;
  const taken = isFull || random.chance(0.1) ? random.pick(world.accounts) : undefined;
  const unit = random.chance(0.15) ? 'fine' : 'plain';
  const unitLabel = `${world.run}-${unit}`;
  const isFirst = !world.accounts.some((each) => each.unitLabel === unitLabel);
  return {
    method: 'CreateAccount',
    request: {
      customerId: `${world.run}-c${Math.floor(number / 2)}`,
      name: `Account ${number % 2}`,
      unitLabel,
      ...(isFirst || random.chance(0.5) ? { unitScale: scales[unit] } : {}),
      externalId: taken?.externalId ?? `${world.run}-a${number}`,
      ...(random.chance(0.3) ? { initialBalance: unit === 'fine' ? hugeAmount : '1000' } : {}),
      idempotencyKey: keyOf(world),
    },
  };
}

const scales = { plain: 2, fine: 18 } as const;
const hugeAmount = '12345678901234567890123456789012345678.000000000000000001';

function oneSided(method: 'Credit' | 'Debit', world: World, random: Random): Write {
  const account = pickAccount(world, random);
  return {
    method,
    request: {
      account: refOf(account, random),
      amount: limitOf(method, { world, account, random }) ?? amountOf(method, random),
      reference: `${world.run}-r${random.below(500)}`,
      idempotencyKey: keyOf(world),
      ...(random.chance(0.1) ? { metadata: { n: random.below(9), list: ['a', null] } } : {}),
    },
  };
}

/** Debits are a little smaller on average, so that balances grow, and some are far too large. */
function amountOf(method: 'Credit' | 'Debit', random: Random): string {
  if (method === 'Debit' && random.chance(0.008)) return '1000000000000';
  const whole = 1 + random.below(method === 'Credit' ? 120 : 90);
  if (random.chance(0.1)) return `${whole}.50`;
  return random.chance(0.1) ? `${whole}.25` : String(whole);
}

type Aim = {
  readonly world: World;
  readonly account: KnownAccount | undefined;
  readonly random: Random;
};

/** Now and then a debit takes all that there is, or the smallest part more. */
function limitOf(method: 'Credit' | 'Debit', { world, account, random }: Aim): string | undefined {
  if (method === 'Credit' || account === undefined || !random.chance(0.02)) return undefined;
  const scale = account.unitLabel.endsWith('-fine') ? scales.fine : scales.plain;
  const balance = parseAmount(world.balances.get(account.id) ?? '0', scale);
  if (balance === undefined) return undefined;
  return formatAmount(balance + (random.chance(0.5) ? 1n : 0n), scale);
}

function post(world: World, random: Random): Write {
  const count = random.chance(0.8) ? 2 : 3 + random.below(4);
  const first = pickAccount(world, random);
  const others = new Set<KnownAccount>();
  const same = world.accounts.filter(({ unitLabel }) => unitLabel === first?.unitLabel);
  while (others.size < Math.min(count - 1, same.length - 1)) {
    const other = random.chance(0.5) ? same[random.below(hotCount)] : random.pick(same);
    if (other !== undefined && other !== first) others.add(other);
  }
  if (random.chance(0.01)) others.add(world.accounts.find((each) => each !== first) ?? nobody);
  const each = 1 + random.below(20);
  return {
    method: 'PostTransaction',
    request: {
      entries: [
        {
          account: refOf(first, random),
          side: 'ENTRY_SIDE_DEBIT',
          amount: String(each * others.size + (random.chance(0.005) ? 1 : 0)),
        },
        ...[...others].map((other) => ({
          account: refOf(other, random),
          side: 'ENTRY_SIDE_CREDIT' as const,
          amount: String(each),
        })),
      ],
      reference: `${world.run}-p${random.below(500)}`,
      idempotencyKey: keyOf(world),
    },
  };
}

const nobody: KnownAccount = { id: 'cca_00000000000', externalId: 'nobody', unitLabel: '' };

function reverse(world: World, random: Random): Write {
  const transactionId = world.transactions.pick(random)?.id ?? 'cct_00000000000';
  const key = random.chance(0.5) ? { idempotencyKey: keyOf(world) } : {};
  return { method: 'ReverseTransaction', request: { transactionId, ...key } };
}

/** Few accounts are frozen at a time, and none of those that take half of the load for long. */
function changeStatus(world: World, random: Random): Write {
  const [thawing] = world.frozen;
  const full = world.frozen.size >= frozenCountMax;
  const isThaw = thawing !== undefined && (full || random.chance(0.4));
  const account = isThaw ? thawing : pickSpread(world, random);
  const closes = !isThaw && random.chance(0.03);
  const change = closes ? 'CloseAccount' : 'FreezeAccount';
  const request = { account: refOf(account, random), idempotencyKey: keyOf(world) };
  return { method: isThaw || random.chance(0.05) ? 'UnfreezeAccount' : change, request };
}

function updateAccount(world: World, random: Random): Write {
  const account = refOf(pickSpread(world, random), random);
  const displayName = random.chance(0.2) ? '' : `Name ${random.below(1000)}`;
  const request = { account, displayName, idempotencyKey: keyOf(world) };
  return { method: 'UpdateAccount', request };
}

/** A request that somebody sends or has sent, once more: the same intention, so one effect. */
function repeat(world: World, random: Random): Write {
  const write = world.writes.pick(random) ?? oneSided('Credit', world, random);
  if (write.method !== 'Credit' || write.request.amount.includes('.')) return write;
  const { request } = write;
  const same = world.accounts.find(({ id, externalId }) =>
    'id' in request.account ? id === request.account.id : externalId === request.account.externalId,
  );
  // The same by value: the other name of the account, and an amount in another spelling.
  if (same === undefined) return write;
  const account = 'id' in request.account ? { externalId: same.externalId } : { id: same.id };
  return { ...write, request: { ...request, account, amount: `${request.amount}.00` } };
}

/** Another request under a key that was used. */
function reuseKey(world: World, random: Random): Write {
  const write = oneSided('Credit', world, random) as Extract<Write, { method: 'Credit' | 'Debit' }>;
  const earlier = world.writes.pick(random);
  const idempotencyKey = earlier?.request.idempotencyKey;
  if (idempotencyKey === undefined) return write;
  if (earlier?.method === 'Credit' && random.chance(0.5)) {
    // The same in all but one thing, which must be enough to tell them apart.
    return { ...earlier, request: { ...earlier.request, reference: `${world.run}-other` } };
  }
  return { ...write, request: { ...write.request, idempotencyKey } };
}

const malformedAmounts = ['-1', '0', '1e3', '01', ' 1', 'NaN', '0.001', '1'.repeat(39)] as const;

function malformed(world: World, random: Random): Write {
  const write = oneSided('Debit', world, random) as Extract<Write, { method: 'Credit' | 'Debit' }>;
  const amount = random.pick(malformedAmounts) ?? '';
  return { ...write, request: { ...write.request, amount } };
}

/** A hot account half of the time; seldom one that does not exist. */
export function pickAccount(world: World, random: Random): KnownAccount | undefined {
  if (random.chance(0.004)) return undefined;
  return random.chance(0.5) ? world.accounts[random.below(hotCount)] : random.pick(world.accounts);
}

function pickSpread(world: World, random: Random): KnownAccount | undefined {
  return random.chance(0.97) ? random.pick(world.accounts.slice(hotCount)) : world.accounts[0];
}

/** Either of an account's two names; a name of nothing when there is none. */
export function refOf(account: KnownAccount | undefined, random: Random): AccountRef {
  if (account === undefined) return { externalId: `nobody-${random.below(1e9)}` };
  return random.chance(0.5) ? { id: account.id } : { externalId: account.externalId };
}

function keyOf(world: World): string {
  return `${world.run}-k${world.nextNumber()}`;
}
