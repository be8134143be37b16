// Finds the hold that a reservation's id means, and its account.
import type { CallOptions, ScripClient } from '@scrip/client';
import type { Account, Hold } from '@scrip/contract';
import { FaultError } from '../../faults/fault.ts';
import { known } from '../../known.ts';
import { accountName } from '../accounts/find-account.ts';
import { refOf, unlessUnknown } from '../act.ts';
import { toHoldId } from '../ids.ts';

export type Reservation = { readonly hold: Hold; readonly account: Account };

/** Finds it, if it is of an account that this API sees. */
export async function findReservation(
  ledger: ScripClient,
  reservationId: string,
  call: CallOptions,
): Promise<Reservation> {
  const hold = await findHold(ledger, reservationId, call);
  if (hold === undefined) throw unknownReservation(reservationId);
  const answer = await ledger.getAccount({ account: refOf({ id: hold.accountId }) }, call);
  const account = known(answer.account);
  if (account.name.toLowerCase() !== accountName) throw unknownReservation(reservationId);
  return { hold, account };
}

/** The hold alone; nothing when there is none. */
export async function findHold(
  ledger: ScripClient,
  reservationId: string,
  call: CallOptions,
): Promise<Hold | undefined> {
  const asking = ledger.getHold({ holdId: toHoldId(reservationId) }, call);
  return (await unlessUnknown(asking, 'HOLD_NOT_FOUND'))?.hold;
}

function unknownReservation(id: string): FaultError {
  return new FaultError('HOLD_NOT_FOUND', `There is no reservation ${id}.`);
}
