// Commands on grants, and how the terms of a credit are made from unchecked input.
import { parseOptionalIdempotencyKey } from '../value/idempotency-key.ts';
import type { Instant } from '../value/instant.ts';
import { parseCommand } from '../value/parse-fields.ts';
import { present } from '../value/present.ts';
import { parsed, refuseField, type Parsed } from '../value/refusal.ts';
import { parseOptionalText, parseText } from '../value/text.ts';
import { poolPriority } from './draw.ts';
import type { GrantCategory } from './grant.ts';

/** The terms that a credit asks for. */
export interface RequestedTerms {
  readonly priority: number;
  readonly category: GrantCategory;
  /** Absent, or not in the future: at once. */
  readonly effectiveAt?: Instant;
  readonly expiresAt?: Instant;
  readonly source?: string;
}

/** Takes back what is left of a grant and not kept by a hold. */
export interface VoidGrant {
  readonly kind: 'void_grant';
  /** As it was given; whether it exists is the decision's business. */
  readonly grantId: string;
  readonly reference?: string;
  readonly idempotencyKey?: string;
}

/** Terms, as they came in. */
export interface UncheckedTerms {
  readonly priority?: number | undefined;
  readonly category: GrantCategory;
  readonly effectiveAt?: Instant | undefined;
  readonly expiresAt?: Instant | undefined;
  readonly source?: string | undefined;
}

/** Checks the terms of a credit. Whether they lie in the past is the decision's business. */
export function parseTerms(unchecked: UncheckedTerms): Parsed<RequestedTerms> {
  const { priority = poolPriority, category, effectiveAt, expiresAt } = unchecked;
  if (!Number.isInteger(priority) || priority < 0 || priority > 100) {
    return refuseField('grant.priority', 'is not a whole number from 0 to 100');
  }
  if (effectiveAt !== undefined && expiresAt !== undefined && effectiveAt >= expiresAt) {
    return refuseField('grant.expires_at', 'is not after effective_at');
  }
  const source = parseOptionalText(unchecked.source, { field: 'grant.source', lengthMax: 255 });
  if (source.kind === 'refused') return source;
  return parsed({
    priority,
    category,
    ...present('effectiveAt', effectiveAt),
    ...present('expiresAt', expiresAt),
    ...present('source', source.value),
  });
}

/** Checks a void. */
export function parseVoidGrant(unchecked: {
  readonly grantId: string;
  readonly reference?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}): Parsed<VoidGrant> {
  return parseCommand('void_grant', {
    grantId: parseText(unchecked.grantId, { field: 'grant_id', lengthMax: 255 }),
    reference: parseOptionalText(unchecked.reference, { field: 'reference', lengthMax: 255 }),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}
