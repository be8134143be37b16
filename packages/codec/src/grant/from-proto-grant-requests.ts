// Requests about grants, as commands and queries.
import type {
  GetGrantRequest,
  GrantTerms,
  ListGrantsRequest,
  VoidGrantRequest,
} from '@scrip/contract';
import type { TermsQuery } from '@scrip/engine';
import {
  parsed,
  parseVoidGrant,
  type Parsed,
  type UncheckedTerms,
  type VoidGrant,
} from '@scrip/kernel';
import { fromProtoTermsQuery } from '../read/from-proto-terms-query.ts';
import { fromProtoOptionalTermTimestamp } from '../value/instant.ts';
import { protoGrantCategories, wordOf } from '../value/words.ts';

export function fromProtoVoidGrantRequest(request: VoidGrantRequest): Parsed<VoidGrant> {
  return parseVoidGrant(request);
}

export function fromProtoGetGrantRequest({ grantId }: GetGrantRequest): Parsed<string> {
  return parsed(grantId);
}

export function fromProtoListGrantsRequest(request: ListGrantsRequest): Parsed<TermsQuery> {
  return fromProtoTermsQuery(request);
}

/** The terms of a credit. */
export function fromProtoGrantTerms(
  terms: GrantTerms | undefined,
): Parsed<UncheckedTerms | undefined> {
  if (terms === undefined) return parsed(undefined);
  const category = wordOf(protoGrantCategories, terms.category) ?? 'paid';
  const effectiveAt = fromProtoOptionalTermTimestamp(terms.effectiveAt, 'grant.effective_at');
  if (effectiveAt.kind === 'refused') return effectiveAt;
  const expiresAt = fromProtoOptionalTermTimestamp(terms.expiresAt, 'grant.expires_at');
  if (expiresAt.kind === 'refused') return expiresAt;
  return parsed({
    priority: terms.priority,
    category,
    effectiveAt: effectiveAt.value,
    expiresAt: expiresAt.value,
    source: terms.source,
  });
}
