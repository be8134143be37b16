// The ledger's holds as reservations.
import type { Hold } from '@scrip/contract';
import { HoldStatus } from '@scrip/contract';
import type { Static } from 'typebox';
import { isoSeconds } from '../../instants.ts';
import { exactNumber } from '../../json/parse-json.ts';
import { known } from '../../known.ts';
import { toReservationId, toShownAccountId } from '../ids.ts';
import type { NewReservationSchema, ReservationSchema } from './schemas.ts';

type Status = Static<typeof ReservationSchema>['status'];

const statusNames = new Map<HoldStatus, Status>([
  [HoldStatus.PENDING, 'pending'],
  [HoldStatus.CAPTURED, 'confirmed'],
  [HoldStatus.RELEASED, 'cancelled'],
  [HoldStatus.EXPIRED, 'expired'],
]);

/** A reservation that was just made: it does not tell when. */
export function presentNewReservation(hold: Hold): Static<typeof NewReservationSchema> {
  const { createdAt: _, ...shown } = presentReservation(hold);
  return shown;
}

export function presentReservation(hold: Hold): Static<typeof ReservationSchema> {
  return {
    id: toReservationId(hold.id),
    accountId: toShownAccountId(hold.accountId),
    amount: exactNumber(hold.amount),
    status: known(statusNames.get(hold.status)),
    expiresAt: isoSeconds(hold.expiresAt),
    createdAt: isoSeconds(hold.createdAt),
    metadata: hold.metadata ?? null,
  };
}
