// Request digests: whether two requests under one idempotency key ask for the same.
import { hash } from 'node:crypto';
import type { AccountRef } from '../account/account.ts';
import type { ChangeAccountStatus, CreateAccount, UpdateAccount } from '../account/commands.ts';
import { couponCommandFacts } from '../coupon/coupon-command-facts.ts';
import { isCouponCommand, type CouponCommand } from '../coupon/coupon-command.ts';
import type { RequestedTerms } from '../grant/commands.ts';
import type { CreateSchedule } from '../schedule/commands.ts';
import type { PostOneSided, PostTransaction, ReverseTransaction } from '../transaction/commands.ts';
import type { JsonValue } from '../value/metadata.ts';
import { findAccount, type BookState } from './book-state.ts';
import type { Command } from './command.ts';

const purpose = Buffer.from('scrip request');

/**
 * The digest of what a command asks for: its kind, the ids of its accounts, canonical amounts,
 * reference and sorted metadata, never its key or the way it came in. 16 hexadecimal characters,
 * keyed by the book's secret, since it also covers personal fields.
 */
export function requestDigest(state: BookState, command: Command): string {
  const facts = JSON.stringify(factsOf(state, command));
  const start = purpose.length + state.idKey.length;
  const covered = Buffer.allocUnsafe(start + Buffer.byteLength(facts));
  covered.set(purpose);
  covered.set(state.idKey, purpose.length);
  covered.write(facts, start);
  return hash('sha256', covered, 'hex').slice(0, 16);
}

function factsOf(state: BookState, command: Command): readonly JsonValue[] {
  const name = (ref: AccountRef): JsonValue => findAccount(state, ref)?.id ?? ['unknown'];
  if (isCouponCommand(command)) return couponCommandFacts(command);
  switch (command.kind) {
    case 'create_account':
      return [
        command.kind,
        command.customerId ?? null,
        command.name,
        command.unitLabel,
        command.unitScale ?? null,
        command.externalId ?? null,
        personalFacts(command.personal),
        command.initialBalance ?? null,
      ];
    case 'update_account':
      return [command.kind, name(command.account), personalFacts(command)];
    case 'freeze_account':
    case 'unfreeze_account':
    case 'close_account':
      return [command.kind, name(command.account)];
    case 'credit':
    case 'debit':
      return [
        command.kind,
        name(command.account),
        command.amount,
        command.reference,
        command.metadata ?? null,
        // Absent for credits without terms, whose digests are older than terms are.
        ...(command.terms === undefined ? [] : [termsFacts(command.terms)]),
      ];
    case 'post_transaction':
      return [
        command.kind,
        command.entries.map((entry) => [name(entry.account), entry.side, entry.amount]),
        command.reference,
        command.metadata ?? null,
      ];
    case 'reverse_transaction':
      return [command.kind, command.transactionId];
    default:
      return termsCommandFacts(command, name);
  }
}

type TermsCommand = Exclude<
  Command,
  | CouponCommand
  | CreateAccount
  | UpdateAccount
  | ChangeAccountStatus
  | PostOneSided
  | PostTransaction
  | ReverseTransaction
>;

function termsCommandFacts(
  command: TermsCommand,
  name: (ref: AccountRef) => JsonValue,
): readonly JsonValue[] {
  switch (command.kind) {
    case 'create_hold':
      return [
        command.kind,
        name(command.account),
        command.amount,
        command.end.kind,
        command.end.kind === 'ttl' ? command.end.ttlMs : command.end.expiresAt,
        command.reference,
        command.metadata ?? null,
      ];
    case 'capture_hold':
      return [
        command.kind,
        command.holdId,
        command.amount ?? null,
        command.final,
        command.allowExcess,
        command.metadata ?? null,
      ];
    case 'extend_hold': {
      const { kind, holdId, end } = command;
      return [kind, holdId, end.kind, end.kind === 'ttl' ? end.ttlMs : end.expiresAt];
    }
    case 'release_hold':
      return [command.kind, command.holdId];
    case 'void_grant':
      return [command.kind, command.grantId, command.reference ?? null];
    case 'create_schedule':
      return [command.kind, name(command.account), ...scheduleFacts(command)];
    case 'advance_clock':
      return [command.kind, command.byMs];
    case 'end_schedule':
      return [command.kind, command.scheduleId];
    case 'book_due_moves':
      return [command.kind, name(command.account)];
  }
}

function personalFacts(personal: {
  readonly displayName?: string;
  readonly email?: string;
  readonly metadata?: JsonValue;
}): JsonValue {
  return [personal.displayName ?? null, personal.email ?? null, personal.metadata ?? null];
}

function termsFacts(terms: RequestedTerms): JsonValue {
  const { priority, category, effectiveAt, expiresAt, source } = terms;
  return [priority, category, effectiveAt ?? null, expiresAt ?? null, source ?? null];
}

function scheduleFacts(command: CreateSchedule): readonly JsonValue[] {
  const { period } = command;
  return [
    command.amount,
    command.priority,
    command.category,
    command.source ?? null,
    command.anchor ?? null,
    period.unit,
    period.count,
    command.leftover,
    command.cap ?? null,
    command.occurrenceCount ?? null,
    command.reference,
    command.startsNextPeriod ?? false,
  ];
}
