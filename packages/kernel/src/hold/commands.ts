// Commands on holds, and how they are made from unchecked input.
import type { AccountRef } from '../account/account.ts';
import { parseAccountRef } from '../account/commands.ts';
import { parsePostingTerms } from '../transaction/commands.ts';
import { parseAmount, type DecimalText } from '../value/amount.ts';
import { parseIdempotencyKey, parseOptionalIdempotencyKey } from '../value/idempotency-key.ts';
import type { Instant } from '../value/instant.ts';
import { parseMetadata, type Metadata } from '../value/metadata.ts';
import { parseCommand } from '../value/parse-fields.ts';
import { parsed, refuseField, type Parsed } from '../value/refusal.ts';
import { parseText } from '../value/text.ts';

/** How long a hold keeps credits when nothing else is asked for: 5 minutes. */
const ttlMsDefault = 300_000;
/** A hold ends within a day, so that a lost one does not keep credits for ever. */
export const ttlMsMax = 86_400_000;

/** When a hold ends: so long after it is made, or at an instant. */
export type HoldEnd =
  | { readonly kind: 'ttl'; readonly ttlMs: number }
  | { readonly kind: 'expires_at'; readonly expiresAt: Instant };

/** Keeps an amount aside. */
export interface CreateHold {
  readonly kind: 'create_hold';
  readonly account: AccountRef;
  readonly amount: DecimalText;
  readonly end: HoldEnd;
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly metadata?: Metadata;
}

/** Takes what a hold keeps, or a part of it. */
export interface CaptureHold {
  readonly kind: 'capture_hold';
  /** As it was given; whether it exists is the decision's business. */
  readonly holdId: string;
  /** Absent: all that is still kept. */
  readonly amount?: DecimalText;
  /** Ends the hold: what is not captured goes back. */
  readonly final: boolean;
  /** What exceeds the hold is taken from what is available. */
  readonly allowExcess: boolean;
  readonly idempotencyKey: string;
  readonly metadata?: Metadata;
}

/** Moves the end of a hold. */
export interface ExtendHold {
  readonly kind: 'extend_hold';
  readonly holdId: string;
  readonly end: HoldEnd;
  readonly idempotencyKey?: string;
}

/** Gives back what a hold keeps. */
export interface ReleaseHold {
  readonly kind: 'release_hold';
  readonly holdId: string;
  readonly idempotencyKey?: string;
}

/** The end of a hold, as it came in: at most one of the two. */
export interface UncheckedEnd {
  readonly ttlMs?: number | undefined;
  readonly expiresAt?: Instant | undefined;
}

/** Checks a request for a hold. */
export function parseCreateHold(
  unchecked: UncheckedEnd & {
    readonly account: AccountRef;
    readonly amount: string;
    readonly reference: string;
    readonly idempotencyKey: string;
    readonly metadata?: Metadata | undefined;
  },
): Parsed<CreateHold> {
  const account = parseAccountRef(unchecked.account);
  if (account.kind === 'refused') return account;
  const amount = parseAmount(unchecked.amount, { field: 'amount' });
  if (amount.kind === 'refused') return amount;
  const end = parseEnd(unchecked);
  if (end.kind === 'refused') return end;
  const terms = parsePostingTerms(unchecked);
  if (terms.kind === 'refused') return terms;
  return parsed({
    kind: 'create_hold',
    account: account.value,
    amount: amount.value,
    end: end.value,
    ...terms.value,
  });
}

/** Checks a capture. An amount of zero is allowed only when it ends the hold. */
export function parseCaptureHold(unchecked: {
  readonly holdId: string;
  readonly amount?: string | undefined;
  readonly final: boolean;
  readonly allowExcess: boolean;
  readonly idempotencyKey: string;
  readonly metadata?: Metadata | undefined;
}): Parsed<CaptureHold> {
  const { amount, final, allowExcess } = unchecked;
  const amountRule = { field: 'amount', allowZero: final };
  return parseCommand('capture_hold', {
    holdId: parseHoldId(unchecked.holdId),
    amount: amount === undefined ? parsed(undefined) : parseAmount(amount, amountRule),
    final: parsed(final),
    allowExcess: parsed(allowExcess),
    idempotencyKey: parseIdempotencyKey(unchecked.idempotencyKey),
    metadata: parseMetadata(unchecked.metadata),
  });
}

/** Checks a new end of a hold. */
export function parseExtendHold(
  unchecked: UncheckedEnd & {
    readonly holdId: string;
    readonly idempotencyKey?: string | undefined;
  },
): Parsed<ExtendHold> {
  return parseCommand('extend_hold', {
    holdId: parseHoldId(unchecked.holdId),
    end: parseEnd(unchecked),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}

/** Checks a release. */
export function parseReleaseHold(unchecked: {
  readonly holdId: string;
  readonly idempotencyKey?: string | undefined;
}): Parsed<ReleaseHold> {
  return parseCommand('release_hold', {
    holdId: parseHoldId(unchecked.holdId),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}

function parseHoldId(unchecked: string): Parsed<string> {
  return parseText(unchecked, { field: 'hold_id', lengthMax: 255 });
}

function parseEnd({ ttlMs, expiresAt }: UncheckedEnd): Parsed<HoldEnd> {
  if (expiresAt !== undefined) {
    if (ttlMs !== undefined) return refuseField('expires_at', 'is given, so ttl is left out');
    return parsed({ kind: 'expires_at', expiresAt });
  }
  const ms = ttlMs ?? ttlMsDefault;
  if (!Number.isInteger(ms) || ms < 1 || ms > ttlMsMax) {
    return refuseField('ttl', 'is not between a millisecond and 24 hours');
  }
  return parsed({ kind: 'ttl', ttlMs: ms });
}
