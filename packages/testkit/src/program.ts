// Random programs of commands over a few accounts, for the laws.
import {
  assert,
  parseChangeAccountStatus,
  parseCreateAccount,
  parsePostOneSided,
  parsePostTransaction,
  parseReverseTransaction,
  type AccountRef,
  type Command,
  type Parsed,
} from '@scrip/kernel';
import fc from 'fast-check';

/** One step. It names accounts by external id, and transactions by how far back they are. */
export type Step =
  | { readonly kind: 'create'; readonly account: number; readonly initialBalance: number }
  | {
      readonly kind: 'credit' | 'debit';
      readonly account: number;
      readonly amount: number;
      readonly key: number;
    }
  | {
      readonly kind: 'transfer';
      readonly from: number;
      readonly to: number;
      readonly amount: number;
      readonly key: number;
    }
  | { readonly kind: 'reverse'; readonly back: number }
  | {
      readonly kind: 'freeze_account' | 'unfreeze_account' | 'close_account';
      readonly account: number;
    };

const accountCount = 4;

/** Programs of up to so many steps. Few accounts, small amounts, few keys: much collides. */
export function programs(stepCountMax: number): fc.Arbitrary<readonly Step[]> {
  const account = fc.nat({ max: accountCount - 1 });
  const amount = fc.integer({ min: 1, max: 12 });
  const key = fc.nat({ max: 40 });
  const oneSided = fc.record({ kind: fc.constantFrom('credit', 'debit'), account, amount, key });
  const step = fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('create'),
        account,
        initialBalance: fc.nat({ max: 20 }),
      }),
    },
    { weight: 6, arbitrary: oneSided },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('transfer'),
        from: account,
        to: account,
        amount,
        key,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('reverse'), back: fc.nat({ max: 10 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('freeze_account', 'unfreeze_account'),
        account,
      }),
    },
  ) as fc.Arbitrary<Step>;
  const openings = Array.from({ length: accountCount }, (_, i): Step => ({
    kind: 'create',
    account: i,
    initialBalance: 10,
  }));
  return fc
    .array(step, { maxLength: stepCountMax, size: 'max' })
    .map((steps) => [...openings, ...steps]);
}

/** The command of a step. `transactionIds` are those made so far, newest last. */
export function commandOf(step: Step, transactionIds: readonly string[]): Command {
  const command = parseStep(step, transactionIds);
  assert(command.kind === 'parsed', 'the steps of a program are well-formed');
  return command.value;
}

function parseStep(step: Step, transactionIds: readonly string[]): Parsed<Command> {
  switch (step.kind) {
    case 'create':
      return parseCreateAccount({
        customerId: `customer ${step.account}`,
        externalId: `account ${step.account}`,
        initialBalance: String(step.initialBalance),
      });
    case 'credit':
    case 'debit':
      return parsePostOneSided(step.kind, {
        account: refOf(step.account),
        amount: String(step.amount),
        reference: 'program',
        idempotencyKey: `key ${step.key}`,
      });
    case 'transfer':
      return parsePostTransaction({
        entries: [
          { account: refOf(step.from), side: 'debit', amount: String(step.amount) },
          { account: refOf(step.to), side: 'credit', amount: String(step.amount) },
        ],
        reference: 'program',
        idempotencyKey: `key ${step.key}`,
      });
    case 'reverse':
      return parseReverseTransaction({
        transactionId: transactionIds.at(-1 - step.back) ?? 'cct_00000000000',
      });
    case 'freeze_account':
    case 'unfreeze_account':
    case 'close_account':
      return parseChangeAccountStatus(step.kind, { account: refOf(step.account) });
  }
}

function refOf(account: number): AccountRef {
  return { kind: 'external_id', externalId: `account ${account}` };
}
