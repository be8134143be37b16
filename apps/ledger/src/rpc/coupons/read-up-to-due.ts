// How reads see the periods of memberships that have begun: whoever looks first books them.
import type { AsOf, Engine } from '@scrip/engine';
import type { Parsed } from '@scrip/kernel';
import { bookOf } from '../../call/call-facts.ts';
import type { Ask, Read, ReadCall, Told } from '../ledger/read.ts';

/** Reads what depends on periods of memberships, as of the book's clock. */
export type ReadUpToDue = <Query, Value>(
  call: ReadCall,
  query: Parsed<Query>,
  ask: Ask<Query, AsOf<Value>>,
) => Promise<Told<AsOf<Value>>>;

/**
 * Makes the way of such reads. What is due is booked by the commands of the sweeper, in one batch,
 * and read again; a second answer of which something is due again is told as it is.
 */
export function createReadUpToDue(engine: Pick<Engine, 'submitBatch'>, read: Read): ReadUpToDue {
  return async (call, query, ask) => {
    const told = await read(call, query, ask);
    const { dueMembershipIds } = told.value;
    if (dueMembershipIds.length === 0) return told;
    const { values, signal } = call.context;
    const commands = dueMembershipIds.map(
      (membershipId) => ({ kind: 'book_membership_periods', membershipId }) as const,
    );
    await engine.submitBatch(bookOf(values), { commands, mode: 'independent' }, signal);
    return read(call, query, ask);
  };
}
