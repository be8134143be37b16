// The calls that reserve credits, then take them or give them back.
import type { CallOptions, ScripClient } from '@scrip/client';
import { ScripError } from '@scrip/client';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import type { Static } from 'typebox';
import type { App } from '../../app.ts';
import type { FacadeTools } from '../../facade.ts';
import { invalidField } from '../../faults/fault.ts';
import { exactNumber } from '../../json/parse-json.ts';
import { known } from '../../known.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { refer } from '../../shapes.ts';
import { findAccount } from '../accounts/find-account.ts';
import { shownExternalId } from '../accounts/present.ts';
import { keyOf, refOf } from '../act.ts';
import { readAmount, remainder } from '../amounts.ts';
import { toHoldId, toReservationId, toShownAccountId, toShownTransactionId } from '../ids.ts';
import { instantOf } from '../instant.ts';
import { metadataWith } from '../metadata.ts';
import { errors, IdempotencyHeaders } from '../shapes.ts';
import { findReservation } from './find-reservation.ts';
import type { Reservation } from './find-reservation.ts';
import { presentNewReservation, presentReservation } from './present.ts';
import * as schemas from './schemas.ts';

const tags = ['Reservations'];
const headers = IdempotencyHeaders;

export function addReservationRoutes(app: App, tools: FacadeTools): void {
  addCreateRoute(app, tools);
  addListRoute(app, tools);
  addConfirmRoute(app, tools);
  addCancelRoute(app, tools);
}

function addCreateRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.CreatedSchema), ...errors };
  app.post(
    '/reservations/create',
    { schema: { tags, summary: 'Reserve', headers, body: schemas.CreateBody, response } },
    async (request, reply) => {
      const { body } = request;
      const { operation, model } = body;
      const asked = {
        amount: readAmount(body.amount, { field: 'amount' }),
        end: endOf(body),
        reference: operation ?? 'reservations/create',
        idempotencyKey: keyOf(request.headers),
        ...metadataWith(body.metadata, { operation, model }),
      };
      const call = ledgerCall(request, reply);
      const account = await findAccount(ledger, body, call);
      const { hold } = await ledger.createHold({ account: refOf(account), ...asked }, call);
      return { success: true as const, reservation: presentNewReservation(known(hold)) };
    },
  );
}

/** When a reservation ends; after the ledger's 300 seconds when nothing is said. */
function endOf({ expiresInSeconds, expiresAt }: Static<typeof schemas.CreateBody>) {
  // An empty text is no instant, and not the same as none.
  const hasInstant = typeof expiresAt === 'string';
  if (expiresInSeconds && hasInstant) {
    throw invalidField('expiresAt', 'cannot be combined with expiresInSeconds');
  }
  if (hasInstant) return { case: 'expiresAt' as const, value: instantOf(expiresAt, 'expiresAt') };
  if (!expiresInSeconds) return { case: undefined };
  return { case: 'ttl' as const, value: durationFromMs(expiresInSeconds * 1000) };
}

function addListRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.ListSchema), ...errors };
  app.get(
    '/reservations',
    { schema: { tags, summary: 'List', querystring: schemas.ListQuery, response } },
    async (request, reply) => {
      const { activeOnly, limit, startingAfter } = request.query;
      const call = ledgerCall(request, reply);
      const account = await findAccount(ledger, request.query, call);
      const asked = {
        account: refOf(account),
        pendingOnly: activeOnly === 'true',
        pageSize: limit,
        ...(startingAfter === undefined ? {} : { startingAfter: toHoldId(startingAfter) }),
      };
      const { holds, hasMore } = await ledger.listHolds(asked, call);
      return { success: true as const, reservations: holds.map(presentReservation), hasMore };
    },
  );
}

function addConfirmRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.ConfirmedSchema), ...errors };
  app.post(
    '/reservations/confirm',
    { schema: { tags, summary: 'Confirm', headers, body: schemas.ConfirmBody, response } },
    async (request, reply) => {
      const { reservationId, actualAmount } = request.body;
      const amount =
        actualAmount === undefined || actualAmount === null
          ? {}
          : { amount: readAmount(actualAmount, { field: 'actualAmount', zeroAllowed: true }) };
      const call = ledgerCall(request, reply);
      const found = await findReservation(ledger, reservationId, call);
      const id = toReservationId(found.hold.id);
      const asked = {
        holdId: found.hold.id,
        ...amount,
        allowExcess: true,
        idempotencyKey: keyOf(request.headers),
        ...captureMetadata(found.hold),
      };
      const { hold, transaction, sequence } = await ledger.captureHold(asked, call);
      const [entry] = transaction?.entries ?? [];
      const balance =
        entry?.balanceAfter ??
        (await balanceAt(ledger, { account: found.account, sequence }, call));
      return {
        success: true as const,
        reservationId: id,
        transactionId: transaction === undefined ? null : toShownTransactionId(transaction.id),
        accountId: toShownAccountId(found.account.id),
        externalId: shownExternalId(found.account),
        amount: exactNumber(entry?.amount ?? '0'),
        released: exactNumber(releasedOf(known(hold))),
        balance: exactNumber(balance),
      };
    },
  );
}

function addCancelRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.CancelledSchema), ...errors };
  app.post(
    '/reservations/cancel',
    { schema: { tags, summary: 'Cancel', headers, body: schemas.CancelBody, response } },
    async (request, reply) => {
      const call = ledgerCall(request, reply);
      const { hold, account } = await findReservation(ledger, request.body.reservationId, call);
      const key = request.headers['idempotency-key'];
      const asked = { holdId: hold.id, ...(key === undefined ? {} : { idempotencyKey: key }) };
      const shown = { success: true as const, reservationId: toReservationId(hold.id) };
      try {
        const { hold: released, sequence } = await ledger.releaseHold(asked, call);
        return {
          ...shown,
          status: 'cancelled' as const,
          released: exactNumber(releasedOf(known(released))),
          balance: exactNumber(await balanceAt(ledger, { account, sequence }, call)),
        };
      } catch (error) {
        if (!isExpired(error)) throw error;
        // Nothing is held any more, and that is all that was asked for.
        const { balance } = await ledger.getBalance({ account: refOf(account) }, call);
        return {
          ...shown,
          status: 'expired' as const,
          released: exactNumber('0'),
          balance: exactNumber(known(balance).balance),
        };
      }
    },
  );
}

/** What the reservation was for, and its id, which `include=reservation` finds it by. */
function captureMetadata({ id, metadata }: Reservation['hold']) {
  const { operation, model } = metadata ?? {};
  return metadataWith(undefined, {
    reservationId: toReservationId(id),
    operation: typeof operation === 'string' ? operation : undefined,
    model: typeof model === 'string' ? model : undefined,
  });
}

/** The balance after the event, so that a repeated call answers as at first. */
async function balanceAt(
  ledger: ScripClient,
  { account, sequence }: Pick<Reservation, 'account'> & { readonly sequence: bigint },
  call: CallOptions,
): Promise<string> {
  const point = { case: 'atSequence' as const, value: sequence };
  const { balance } = await ledger.getBalance({ account: refOf(account), point }, call);
  return known(balance).balance;
}

/** What was reserved and never taken. */
function releasedOf({ amount, captured, unitScale }: Reservation['hold']): string {
  return remainder(amount, captured, unitScale);
}

function isExpired(error: unknown): boolean {
  if (!(error instanceof ScripError) || error.reason !== 'HOLD_NOT_ACTIVE') return false;
  return error.metadata['status'] === 'expired';
}
