// What the reads of grants, of holds and of schedules differ in.
import {
  grantStatusAt,
  refuseUnknownGrant,
  refuseUnknownHold,
  refuseUnknownSchedule,
  type Account,
  type BookState,
  type Grant,
  type Hold,
  type Ids,
  type Place,
  type Refusal,
  type Schedule,
  type Term,
} from '@scrip/kernel';
import { termKinds } from '../mapping/term-row.ts';

/** One of the three kinds of terms. */
export interface TermKind<T extends Term['term']> {
  /** In the column `kind`. */
  readonly number: number;
  readonly place: (ids: Ids, id: string) => Place | undefined;
  readonly refuseUnknown: (id: string) => Refusal;
  /** The term, if it is of this kind, as moves left it in a settled state. */
  readonly settled: (state: BookState, term: Term) => T | undefined;
  readonly liveOf: (account: Account) => readonly T[];
}

/** Grants. No event says of one that was used up before that its time is over. */
export const grantKind: TermKind<Grant> = {
  number: termKinds.grant,
  place: (ids, id) => ids.grantPlace(id),
  refuseUnknown: refuseUnknownGrant,
  settled: ({ grants, instant }, { kind, term }) => {
    if (kind !== 'grant') return undefined;
    const grant = grants.get(term.id) ?? term;
    return { ...grant, status: grantStatusAt(grant, instant) };
  },
  liveOf: ({ grants }) => grants,
};

/** Holds. */
export const holdKind: TermKind<Hold> = {
  number: termKinds.hold,
  place: (ids, id) => ids.holdPlace(id),
  refuseUnknown: refuseUnknownHold,
  settled: ({ holds }, { kind, term }) =>
    kind === 'hold' ? (holds.get(term.id) ?? term) : undefined,
  liveOf: ({ holds }) => holds,
};

/** Schedules. Those of a closed account make no more grants: they have ended with it. */
export const scheduleKind: TermKind<Schedule> = {
  number: termKinds.schedule,
  place: (ids, id) => ids.schedulePlace(id),
  refuseUnknown: refuseUnknownSchedule,
  settled: ({ schedules, accounts }, { kind, term }) => {
    if (kind !== 'schedule') return undefined;
    const schedule = schedules.get(term.id) ?? term;
    const isClosed = accounts.get(schedule.accountId)?.status === 'closed';
    return isClosed ? { ...schedule, status: 'ended' } : schedule;
  },
  liveOf: ({ schedules }) => schedules,
};
