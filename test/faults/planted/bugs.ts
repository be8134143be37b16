// Bugs that a ledger could have, each as a change of its source. No product code knows of them.
import type { Check } from '../checker/violation.ts';
import type { Edit } from './plant-edits.ts';

/** Who is to find it: a phase of the checker, or the verification of the stored book. */
export type Catcher = Check | 'verify';

export type PlantedBug = {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** One of these finds it. */
  readonly caughtBy: readonly Catcher[];
  /** A second server on the same book is needed to show it. */
  readonly needsTwoServers?: boolean;
  /** The load goes on for some seconds at least, however quick the machine. */
  readonly needsTime?: boolean;
};

const kernel = 'packages/kernel/src';
const engine = 'packages/engine/src';
const persistence = 'packages/persistence/src';

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a debit may go below zero',
    edits: [
      {
        file: `${kernel}/transaction/judge-floor.ts`,
        from: 'amount <= available) return undefined;',
        to: 'amount <= available + 10n ** 15n) return undefined;',
      },
      {
        file: `${kernel}/transaction/build-posting.ts`,
        from: "assert(balanceAfter >= heldAfter || line.side === 'credit',",
        to: 'assert(true,',
      },
      {
        file: `${persistence}/migrations/0006-checks-values-when-they-are-assigned.ts`,
        from: 'constraint account_available_check check (held >= 0 and balance >= held)',
        to: 'constraint account_available_check check (true)',
      },
    ],
    caughtBy: ['replay', 'verify'],
  },
  {
    name: 'keys are not looked up in the database',
    edits: [
      {
        file: `${engine}/flush.ts`,
        from: 'keys.length === 0 ? [] :',
        to: 'keys.length >= 0 ? [] :',
      },
      {
        file: `${persistence}/migrations/0005-keeps-posts-in-fewer-bytes.ts`,
        from: 'create unique index event_key_digest_key',
        to: 'create index event_key_digest_key',
      },
    ],
    caughtBy: ['replay', 'idempotency', 'resolve'],
  },
  {
    name: 'a key forgets all of its request but the amount',
    edits: [
      {
        file: `${kernel}/book/request-digest.ts`,
        from: `command.kind,
        name(command.account),
        command.amount,
        command.reference,
        command.metadata ?? null,`,
        to: 'command.amount,',
      },
    ],
    caughtBy: ['replay', 'idempotency', 'answers'],
  },
  {
    name: 'a refusal is kept under its key',
    edits: [
      {
        file: `${kernel}/book/decide.ts`,
        from: 'return judgeKey(state, command) ?? judgeInTime(state, command);',
        to: `const kept = (globalThis as any).keptRefusals ??= new Map();
  const key = command.idempotencyKey;
  const decision = judgeKey(state, command) ?? kept.get(key) ?? judgeInTime(state, command);
  if (key && decision.kind === 'refused') kept.set(key, decision);
  return decision;`,
      },
    ],
    caughtBy: ['replay', 'answers'],
  },
  {
    name: 'a refused command spoils those behind it in its batch',
    edits: [
      {
        file: `${engine}/decide-groups.ts`,
        from: 'return outcomeOf(state, decision);',
        to: `const shared = state as any;
  const outcome = shared.spoilt ?? outcomeOf(state, decision);
  if (outcome.kind === 'refused') shared.spoilt = outcome;
  return outcome;`,
      },
    ],
    caughtBy: ['resolve', 'replay', 'answers'],
  },
  {
    name: 'the cache is trusted although another server has written',
    edits: [
      {
        file: `${engine}/book-cache.ts`,
        from: 'if (tag === undefined || !sameSeal(tag, head)) drop();',
        to: 'tag ??= head;',
      },
    ],
    caughtBy: ['replay', 'order', 'answers', 'verify'],
    needsTwoServers: true,
  },
  {
    name: 'COMMIT is taken as done although it was rolled back',
    edits: [
      {
        file: `${persistence}/connection/guarded-connection.ts`,
        from: "    const result = await send('commit').catch(",
        to: `    if (Math.random() < 0.02) {
      await send('rollback');
      return { command: 'COMMIT', rowCount: 0, rows: [], oid: 0, fields: [] };
    }
    const result = await send('commit').catch(`,
      },
    ],
    caughtBy: ['replay', 'order', 'resolve', 'final state', 'answers'],
  },
  {
    name: 'a transaction can be reversed twice',
    edits: [
      {
        file: `${kernel}/transaction/decide-reverse-transaction.ts`,
        from: "if (earlier !== undefined) return { kind: 'replayed', event: earlier };",
        to: '',
      },
      {
        file: `${persistence}/migrations/0005-keeps-posts-in-fewer-bytes.ts`,
        from: 'create unique index event_reversal_key',
        to: 'create index event_reversal_key',
      },
    ],
    caughtBy: ['replay', 'resolve', 'answers'],
  },
  {
    name: 'a frozen account takes credits',
    edits: [
      {
        file: `${kernel}/account/refusals.ts`,
        from: `return undefined;
    case 'frozen':
      return refuse('ACCOUNT_FROZEN', 'The account is frozen.', metadata);`,
        to: `case 'frozen':
      return undefined;`,
      },
    ],
    caughtBy: ['replay', 'answers'],
  },
  {
    name: 'a replay is not marked as one',
    edits: [
      {
        file: 'apps/ledger/src/rpc/ledger/answer.ts',
        from: "if (outcome.kind === 'replayed') context.responseHeader.set(replayHeader, 'true');",
        to: '',
      },
    ],
    caughtBy: ['idempotency', 'replay', 'answers'],
  },
  {
    name: 'a refusal tells a sequence from before it was judged',
    edits: [
      {
        file: `${engine}/decide-groups.ts`,
        from: 'refusal: decision, sequence: state.sequence };',
        to: 'refusal: decision, sequence: Math.max(0, state.sequence - 40) as never };',
      },
    ],
    caughtBy: ['real time', 'replay'],
  },
  {
    name: 'a page skips an entry at its seam',
    edits: [
      {
        file: `${persistence}/reader/page.ts`,
        from: 'const items = rows.slice(0, page.size);',
        to: 'const items = rows.slice(page.cursor && rows.length > 1 ? 1 : 0, page.size);',
      },
    ],
    caughtBy: ['reads', 'final state', 'answers'],
  },
  {
    name: 'a credit is taken from spent instead of issued',
    edits: [
      {
        file: `${kernel}/book/apply.ts`,
        from: '[counterpart]: unit[counterpart] - sum',
        to: '[counterpart]: unit[counterpart] + sum',
      },
    ],
    caughtBy: ['verify'],
  },
  {
    name: 'a batch is not chained to the one before',
    edits: [
      {
        file: `${engine}/decide-groups.ts`,
        from: 'nextChainHash(head.chainHash, eventBytes)',
        to: 'nextChainHash(new Uint8Array(32), eventBytes)',
      },
    ],
    caughtBy: ['verify'],
  },
  {
    name: 'an entry stores the balance before it',
    edits: [
      {
        file: `${persistence}/journal/append-batch.ts`,
        from: 'balance: formatAmount(entry.balanceAfter, scale),',
        to: 'balance: formatAmount(entry.balanceAfter - signedAmount(entry), scale),',
      },
    ],
    caughtBy: ['reads', 'final state', 'verify'],
  },
  {
    name: 'a balance at an instant leaves out what happened at it',
    edits: [
      {
        file: `${persistence}/reader/read-balance.ts`,
        from: 'created_at <= ',
        to: 'created_at < ',
      },
    ],
    caughtBy: ['reads'],
  },
  {
    name: 'an atomic batch leaves what came before its refused item',
    edits: [
      {
        file: `${engine}/decide-groups.ts`,
        from: `undo();
    deciding.events.length = eventCountBefore;`,
        to: '',
      },
    ],
    caughtBy: ['resolve', 'order', 'replay'],
  },
  {
    name: 'an item of a batch does not tell that it was there before',
    edits: [
      {
        file: 'apps/ledger/src/rpc/ledger/batches.ts',
        from: "replayed: done.kind === 'replayed',",
        to: 'replayed: false,',
      },
    ],
    caughtBy: ['idempotency', 'answers', 'replay'],
  },
  {
    name: 'a read does not wait for the sequence it asks for',
    edits: [
      {
        file: 'apps/ledger/src/rpc/ledger/read.ts',
        from: 'if (answer.sequence < fromProtoRequestedSequence(minSequence)) {',
        to: 'if (minSequence < 0n) {',
      },
    ],
    caughtBy: ['reads'],
  },
  {
    name: 'a revoked key is remembered for a minute',
    edits: [
      {
        file: 'apps/ledger/src/auth/remember.ts',
        from: 'const ageMsMax = 500;',
        to: 'const ageMsMax = 60_000;',
      },
    ],
    needsTime: true,
    caughtBy: ['keys'],
  },
];
