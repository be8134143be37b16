// What a status of an account refuses, and what it lets happen.
import { createTestBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import type { Command } from '../book/command.ts';
import { parseVoidGrant } from '../grant/commands.ts';
import {
  parseCaptureHold,
  parseCreateHold,
  parseExtendHold,
  parseReleaseHold,
} from '../hold/commands.ts';
import { parseCreateSchedule, parseEndSchedule } from '../schedule/commands.ts';
import { parsePostOneSided } from '../transaction/commands.ts';
import { assert } from '../value/assert.ts';
import type { Parsed } from '../value/refusal.ts';

let keyCount = 0;
const named = () => ({ reference: 'ref', idempotencyKey: `key of a status ${++keyCount}` });

/** An account with a pool, a grant, a hold and a schedule, and what can be asked of them. */
function openAccount() {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c', initialBalance: '100' });
  const account = { kind: 'id', id } as const;
  const terms = { category: 'paid' } as const;
  const ask = {
    credit: () => parsePostOneSided('credit', { account, amount: '5', ...named(), terms }),
    debit: () => parsePostOneSided('debit', { account, amount: '1', ...named() }),
    hold: () => parseCreateHold({ account, amount: '10', ...named() }),
    schedule: () => {
      const period = { unit: 'month', count: 1 } as const;
      const of = {
        period,
        category: 'paid',
        leftover: 'roll_over',
        startsNextPeriod: true,
      } as const;
      return parseCreateSchedule({ account, amount: '5', ...of, ...named() });
    },
  };
  const submit = (command: Parsed<Command>) => book.submit(command);
  for (const make of [ask.credit, ask.hold, ask.schedule]) submit(make());
  const [made] = book.state.accounts.values();
  const [holdId, grantId, scheduleId] = [made?.holds, made?.grants, made?.schedules].map(
    (things) => things?.[0]?.id,
  );
  assert(holdId !== undefined && grantId !== undefined, 'the account has a hold and a grant');
  assert(scheduleId !== undefined, 'the account has a schedule');
  return {
    book,
    id,
    refused: {
      ...ask,
      capture: () => parseCaptureHold({ holdId, final: true, allowExcess: false, ...named() }),
      extend: () => parseExtendHold({ holdId, ttlMs: 60_000 }),
    },
    release: () => submit(parseReleaseHold({ holdId })),
    voidGrant: () => submit(parseVoidGrant({ grantId })),
    endSchedule: () => submit(parseEndSchedule({ scheduleId })),
  };
}

describe('a frozen account', () => {
  it('refuses what moves or keeps credits, and what would later', () => {
    const { book, id, refused } = openAccount();
    book.status('freeze_account', id);
    for (const ask of Object.values(refused)) {
      expect(book.submit(ask())).toMatchObject({ reason: 'ACCOUNT_FROZEN' });
    }
  });

  it('lets holds be released, grants voided and schedules ended', () => {
    const { book, id, release, voidGrant, endSchedule } = openAccount();
    book.status('freeze_account', id);
    for (const end of [release, voidGrant, endSchedule]) {
      expect(end()).toMatchObject({ kind: 'accepted' });
    }
  });
});

describe('a closed account', () => {
  it('refuses voids as well, and lets schedules be ended', () => {
    const { book, id, refused, release, voidGrant, endSchedule } = openAccount();
    release();
    book.status('close_account', id);
    for (const ask of [refused.credit, refused.debit, refused.hold, refused.schedule]) {
      expect(book.submit(ask())).toMatchObject({ reason: 'ACCOUNT_CLOSED' });
    }
    expect(voidGrant()).toMatchObject({ reason: 'ACCOUNT_CLOSED' });
    expect(endSchedule()).toMatchObject({ kind: 'accepted' });
    expect(endSchedule()).toMatchObject({ kind: 'replayed' });
  });
});
