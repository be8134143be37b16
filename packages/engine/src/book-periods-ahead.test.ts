// Very many periods of memberships that have begun: booked ahead of the commands of a flush.
import {
  assert,
  couponRecordsOf,
  instantFromMs,
  parseCreateCoupon,
  parseCreateCreditRule,
  parseCreateMembership,
  parseNoteMembershipCharge,
  type Command,
  type CouponRecord,
  type Parsed,
} from '@scrip/kernel';
import { createMemoryBook, createMemoryJournal, jsonEventCodec } from '@scrip/testkit';
import { expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import { flushPeriodCountMax } from './limits.ts';

const year = 366 * 86_400_000;

it('is booked in parts before a command is judged, and all of it counts', async () => {
  const { member, charge, pass, submit, sizes } = await open();
  const membershipId = await member();
  pass(20 * year);
  expect(await submit(charge(membershipId, 'late'))).toMatchObject({ kind: 'accepted' });
  // The charge itself comes last.
  expect(sizes()).toEqual([flushPeriodCountMax, flushPeriodCountMax, 240 - 200 + 1]);
});

it('comes with a command when it is little', async () => {
  const { member, charge, pass, submit, sizes } = await open();
  const membershipId = await member();
  pass(year);
  await submit(charge(membershipId, 'late'));
  expect(sizes()).toEqual([13]);
});

it('is booked once for many commands, each of which would be judged after it', async () => {
  const { book, engine, member, charge, pass, sizes } = await open();
  const membershipId = await member();
  pass(year);
  const commands = Array.from({ length: 20 }, (_, n) => charge(membershipId, `key ${n}`));
  const outcomes = await engine.submitBatch(book, { commands, mode: 'independent' });
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
  expect(sizes()).toEqual([12, 20]);
});

it('is left to the sweeper’s own commands, which book a bounded part each', async () => {
  const { member, pass, submit, sizes } = await open();
  const membershipId = await member();
  pass(20 * year);
  const sweep = { kind: 'book_membership_periods', membershipId } as const;
  for (let n = 0; n < 3; n++) await submit(sweep);
  expect(sizes()).toEqual([50, 50, 50]);
});

async function open() {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const engine = createEngine({ journal, codec: jsonEventCodec });
  let beginning = 0;
  const submit = (command: Command) => engine.submit(book, command);
  const make = async (kind: CouponRecord['kind'], command: Parsed<Command>): Promise<string> => {
    assert(command.kind === 'parsed', 'the commands of the test are well-formed');
    const outcome = await submit(command.value);
    assert('event' in outcome, 'the commands of the test are accepted');
    const each = couponRecordsOf(outcome.event).find((record) => record.kind === kind);
    assert(each !== undefined && 'id' in each.record, 'the record was made');
    return each.record.id;
  };
  const value = { kind: 'percentage', percentage: 100 } as const;
  const couponId = await make('coupon', parseCreateCoupon({ terms: { name: 'Spa', value } }));
  const terms = { couponId, membershipTypeId: 'gold', frequency: 'month' } as const;
  await make('credit_rule', parseCreateCreditRule({ terms }));
  return {
    book,
    engine,
    submit,
    member: () => {
      const who = { customerId: 'c', membershipTypeId: 'gold' };
      return make('membership', parseCreateMembership(who));
    },
    charge: (membershipId: string, idempotencyKey: string): Command => {
      const command = parseNoteMembershipCharge({ membershipId, idempotencyKey });
      assert(command.kind === 'parsed', 'the commands of the test are well-formed');
      return command.value;
    },
    /** Lets time pass, and counts commits from now on. */
    pass: (ms: number) => {
      journal.now = instantFromMs(journal.now + ms + 1);
      beginning = journal.stored(book).sequence;
    },
    /** How many events each commit has. */
    sizes: (): readonly number[] => {
      const ends = [...journal.stored(book).seals.keys()].filter((end) => end > beginning);
      return ends.map((end, index) => end - (ends[index - 1] ?? beginning));
    },
  };
}
