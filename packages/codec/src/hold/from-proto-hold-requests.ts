// Requests about holds, as commands and queries.
import type {
  CaptureHoldRequest,
  CreateHoldRequest,
  ExtendHoldRequest,
  GetHoldRequest,
  ListHoldsRequest,
  ReleaseHoldRequest,
} from '@scrip/contract';
import type { TermsQuery } from '@scrip/engine';
import {
  parseCaptureHold,
  parseCreateHold,
  parsed,
  parseExtendHold,
  parseReleaseHold,
  type CaptureHold,
  type CreateHold,
  type ExtendHold,
  type Instant,
  type Parsed,
  type ReleaseHold,
} from '@scrip/kernel';
import { fromProtoAccountRef } from '../account/from-proto-account-ref.ts';
import { fromProtoTermsQuery } from '../read/from-proto-terms-query.ts';
import { fromProtoRequestedDuration } from '../value/duration.ts';
import { fromProtoOptionalTermTimestamp } from '../value/instant.ts';

export function fromProtoCreateHoldRequest(request: CreateHoldRequest): Parsed<CreateHold> {
  const account = fromProtoAccountRef(request.account);
  if (account.kind === 'refused') return account;
  const end = endOf(request.end);
  if (end.kind === 'refused') return end;
  return parseCreateHold({ ...request, account: account.value, ...end.value });
}

export function fromProtoCaptureHoldRequest(request: CaptureHoldRequest): Parsed<CaptureHold> {
  return parseCaptureHold({ ...request, final: !request.more });
}

export function fromProtoExtendHoldRequest(request: ExtendHoldRequest): Parsed<ExtendHold> {
  const end = endOf(request.end);
  if (end.kind === 'refused') return end;
  return parseExtendHold({ ...request, ...end.value });
}

export function fromProtoReleaseHoldRequest(request: ReleaseHoldRequest): Parsed<ReleaseHold> {
  return parseReleaseHold(request);
}

export function fromProtoGetHoldRequest({ holdId }: GetHoldRequest): Parsed<string> {
  return parsed(holdId);
}

export function fromProtoListHoldsRequest(request: ListHoldsRequest): Parsed<TermsQuery> {
  return fromProtoTermsQuery({ ...request, liveOnly: request.pendingOnly });
}

type End = { readonly ttlMs?: number | undefined; readonly expiresAt?: Instant | undefined };

function endOf(end: CreateHoldRequest['end']): Parsed<End> {
  if (end.case === 'expiresAt') {
    const expiresAt = fromProtoOptionalTermTimestamp(end.value, 'expires_at');
    return expiresAt.kind === 'refused' ? expiresAt : parsed({ expiresAt: expiresAt.value });
  }
  if (end.case === undefined) return parsed({});
  const ttlMs = fromProtoRequestedDuration(end.value, 'ttl');
  return ttlMs.kind === 'refused' ? ttlMs : parsed({ ttlMs: ttlMs.value });
}
