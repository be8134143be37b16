// Coupons are looked up for the commands that name some, once for a flush, and never for others.
import {
  assert,
  parseCreateAccount,
  parseCreateCoupon,
  parseDeleteOrRestoreCoupon,
  parsePostOneSided,
  parseUpdateCreditRule,
  type Command,
  type CouponNames,
  type Parsed,
} from '@scrip/kernel';
import { createMemoryBook, createMemoryJournal, jsonEventCodec } from '@scrip/testkit';
import { expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import type { Journal } from './port/journal.ts';

it('looks up nothing for a flush that names no coupon and the like', async () => {
  const { asked, submit } = open();
  const account = { kind: 'external_id', externalId: 'a' } as const;
  const named = { reference: 'ref', idempotencyKey: 'key' };
  const value = { kind: 'percentage', percentage: 5 } as const;
  await submit(
    parseCreateAccount({ customerId: 'a', externalId: 'a' }),
    parsePostOneSided('credit', { account, amount: '1', ...named }),
  );
  await submit(parseCreateCoupon({ terms: { name: 'Five percent', value } }));
  expect(asked).toEqual([]);
});

it('looks up once what all commands of a flush name, each thing once', async () => {
  const { asked, submit } = open();
  const remove = (couponId: string) => parseDeleteOrRestoreCoupon('delete_coupon', { couponId });
  await submit(remove('a'), remove('B'), remove('a'));
  await submit(remove('a'));
  const nothing = { codes: [], membershipTypeIds: [] };
  expect(asked).toEqual([
    { recordIds: ['a', 'b'], ...nothing },
    { recordIds: ['a'], ...nothing },
  ]);
});

it('looks up the coupon of a rule however its id is written', async () => {
  const { asked, submit } = open();
  await submit(parseUpdateCreditRule({ ruleId: 'RULE', terms: { couponId: 'COUPON' } }));
  expect(asked).toEqual([{ recordIds: ['rule', 'coupon'], codes: [], membershipTypeIds: [] }]);
});

function open() {
  const memory = createMemoryJournal();
  const book = createMemoryBook();
  const asked: CouponNames[] = [];
  const journal: Journal = {
    transact: (where, work) =>
      memory.transact(where, (unit) =>
        work({
          ...unit,
          findCoupons: (names) => {
            asked.push(names);
            return unit.findCoupons(names);
          },
        }),
      ),
  };
  const engine = createEngine({ journal, codec: jsonEventCodec });
  return {
    asked,
    submit: (...parsed: readonly Parsed<Command>[]) => {
      const commands = parsed.map((command) => {
        assert(command.kind === 'parsed', 'the commands of the test are well-formed');
        return command.value;
      });
      return engine.submitBatch(book, { commands, mode: 'independent' });
    },
  };
}
