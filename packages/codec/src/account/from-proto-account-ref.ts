// How a request names an account.
import type { AccountRef as ProtoAccountRef } from '@scrip/contract';
import { parseAccountRef, parsed, refuseField, type AccountRef, type Parsed } from '@scrip/kernel';

/** The account that a request must name. `field` is its path in the request. */
export function fromProtoAccountRef(
  ref: ProtoAccountRef | undefined,
  field = 'account',
): Parsed<AccountRef> {
  switch (ref?.ref.case) {
    case 'id':
      return parseAccountRef({ kind: 'id', id: ref.ref.value }, field);
    case 'externalId':
      return parseAccountRef({ kind: 'external_id', externalId: ref.ref.value }, field);
    default:
      return refuseField(field, 'is required: an id or an external_id');
  }
}

/** The account that a request may name. */
export function fromProtoOptionalAccountRef(
  ref: ProtoAccountRef | undefined,
): Parsed<AccountRef | undefined> {
  return ref === undefined ? parsed(undefined) : fromProtoAccountRef(ref);
}
