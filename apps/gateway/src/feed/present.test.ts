// Grants, holds, schedules and the clock as the JSON of the feed.
import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  EntrySide,
  EventSchema,
  GrantCategory,
  GrantStatus,
  HoldStatus,
  Leftover,
  PeriodUnit,
  ScheduleStatus,
  SystemAccount,
  TransactionKind,
} from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { presentEvent } from './present.ts';

type Change = NonNullable<MessageInitShape<typeof EventSchema>['change']>;

const instant = { seconds: 1_700_000_000n };
const iso = '2023-11-14T22:13:20.000Z';
const unit = { unitLabel: 'credits', unitScale: 0 };
const shownUnit = { unit_label: 'credits', unit_scale: 0 };

const grant = {
  id: 'grt_1',
  accountId: 'cca_1',
  ...unit,
  status: GrantStatus.ACTIVE,
  priority: 10,
  category: GrantCategory.PROMOTIONAL,
  effectiveAt: instant,
  expiresAt: instant,
  amount: '50',
  remaining: '20',
  held: '5',
  expired: '0',
  voided: '0',
  scheduleId: 'sch_1',
  period: 0,
  createdAt: instant,
};
const shownGrant = {
  id: 'grt_1',
  account_id: 'cca_1',
  status: 'active',
  priority: 10,
  category: 'promotional',
  ...shownUnit,
  amount: '50',
  remaining: '20',
  held: '5',
  expired: '0',
  voided: '0',
  schedule_id: 'sch_1',
  period: 0,
  effective_at: iso,
  expires_at: iso,
  created_at: iso,
};
const posted = {
  transaction: {
    id: 'cct_1',
    kind: TransactionKind.CAPTURE,
    ...unit,
    entries: [
      {
        id: 'cce_1',
        accountId: 'cca_1',
        side: EntrySide.DEBIT,
        amount: '30',
        balanceAfter: '70',
        allocations: [{ grantId: 'grt_1', amount: '25' }, { amount: '5' }],
      },
    ],
  },
  counterpart: SystemAccount.SPENT,
};

describe('an event of the feed', () => {
  it('about an opening tells its other side, unless a token hides it', () => {
    const account = { id: 'cca_1', customerId: 'ada', createdAt: instant, updatedAt: instant };
    const { transaction } = posted;
    const opening = { transaction, counterpart: SystemAccount.ISSUED };
    expect(shownOf({ case: 'accountCreated', value: { account, opening } })).toMatchObject({
      opening: { id: 'cct_1' },
      counterpart: 'issued',
    });
    const hidden = shownOf({
      case: 'accountCreated',
      value: { account, opening: { transaction } },
    });
    expect(Object.keys(hidden)).toEqual(['account', 'opening']);
  });

  it('about a hold tells the hold, what moved, what is held and the grants', () => {
    const hold = {
      id: 'hld_1',
      accountId: 'cca_1',
      ...unit,
      status: HoldStatus.CAPTURED,
      reference: 'chat',
      amount: '30',
      remaining: '0',
      captured: '30',
      expiresAt: instant,
      createdAt: instant,
      metadata: { model: 'm' },
    };
    const shown = shownOf({
      case: 'holdCaptured',
      value: { hold, grants: [grant], posted, heldAfter: '5' },
    });
    expect(shown).toEqual({
      hold: {
        id: 'hld_1',
        account_id: 'cca_1',
        status: 'captured',
        reference: 'chat',
        ...shownUnit,
        amount: '30',
        remaining: '0',
        captured: '30',
        expires_at: iso,
        created_at: iso,
        metadata: { model: 'm' },
      },
      transaction: {
        id: 'cct_1',
        kind: 'capture',
        ...shownUnit,
        entries: [
          {
            id: 'cce_1',
            account_id: 'cca_1',
            side: 'debit',
            amount: '30',
            balance_after: '70',
            allocations: [{ grant_id: 'grt_1', amount: '25' }, { amount: '5' }],
          },
        ],
      },
      counterpart: 'spent',
      held_after: '5',
      grants: [shownGrant],
    });
  });

  it('about a period tells the schedule, its grant and when it was due', () => {
    const schedule = {
      id: 'sch_1',
      accountId: 'cca_1',
      ...unit,
      status: ScheduleStatus.ACTIVE,
      reference: 'plan',
      amount: '50',
      priority: 50,
      category: GrantCategory.PAID,
      anchor: instant,
      period: { unit: PeriodUnit.MONTH, count: 1 },
      leftover: Leftover.LAPSE,
      cap: '100',
      occurrenceCount: 12,
      issuedCount: 1,
      nextIssueAt: instant,
      createdAt: instant,
    };
    const value = { schedule, grant, posted, dueAt: instant };
    expect(shownOf({ case: 'grantIssued', value })).toMatchObject({
      schedule: {
        status: 'active',
        period_unit: 'month',
        period_count: 1,
        leftover: 'lapse',
        cap: '100',
        occurrence_count: 12,
        issued_count: 1,
        anchor: iso,
        next_issue_at: iso,
      },
      grant: shownGrant,
      transaction: { id: 'cct_1' },
      due_at: iso,
    });
  });

  it('about a grant that moved nothing tells the grant alone', () => {
    expect(shownOf({ case: 'grantVoided', value: { grant } })).toEqual({ grant: shownGrant });
  });

  it('about the clock tells the time', () => {
    expect(shownOf({ case: 'clockAdvanced', value: { now: instant } })).toEqual({ now: iso });
  });
});

/** What an event tells beside its kind, sequence and instant. */
function shownOf(change: Change): object {
  const event = create(EventSchema, { sequence: 7n, createdAt: instant, change });
  const shown = JSON.parse(JSON.stringify(presentEvent(event, 'a_kind'))) as object;
  expect(shown).toMatchObject({ kind: 'a_kind', sequence: 7, created_at: iso });
  return Object.fromEntries(Object.entries(shown).slice(3));
}
