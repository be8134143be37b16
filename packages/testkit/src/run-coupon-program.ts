// Runs a program of commands on coupons on a book of its own.
import { instantFromMs, type Command, type Decision } from '@scrip/kernel';
import {
  couponCommandOf,
  couponStepMs,
  noRecordsSeen,
  noteRecordsSeen,
  type CouponStep,
} from './coupon-program.ts';
import { createTestBook } from './test-book.ts';

/** Runs a program; `sweep` books the periods of memberships after every step. */
export function runCouponProgram(program: readonly CouponStep[], sweep: boolean) {
  const book = createTestBook();
  const seen = noRecordsSeen();
  const decided: { readonly command: Command; readonly decision: Decision }[] = [];
  let now = book.state.instant;
  const submit = (command: Command): Decision => {
    // The clock of the test book moves with every command; here it is the program's alone.
    book.state.instant = instantFromMs(now - 1);
    const before = book.events.length;
    const decision = book.submit({ kind: 'parsed', value: command });
    for (const event of book.events.slice(before)) noteRecordsSeen(seen, event);
    return decision;
  };
  for (const [index, step] of program.entries()) {
    now = instantFromMs(now + 1 + couponStepMs(step));
    const command = couponCommandOf(step, { index, now, seen });
    if (command !== undefined) decided.push({ command, decision: submit(command) });
    for (const membershipId of sweep ? seen.membership : []) {
      submit({ kind: 'book_membership_periods', membershipId });
    }
  }
  return { book, seen, decided, submit, now };
}
