// What the calls of this API share: keys of intentions, and things that a body names.
import { ScripError } from '@scrip/client';
import { newRequestId } from '@scrip/runtime';
import { FaultError, invalidField } from '../faults/fault.ts';

type Headers = { readonly 'idempotency-key'?: string };
type Body = { readonly idempotency_key?: string | null };

/** The caller's key of an intention, for calls that need none. */
export function keyOf(headers: Headers): { readonly idempotencyKey?: string } {
  const key = headers['idempotency-key'];
  return key === undefined ? {} : { idempotencyKey: key };
}

/** The key for calls that need one. Without the caller's each request is an act of its own. */
export function neededKeyOf(headers: Headers, body: Body | undefined) {
  const key = body?.idempotency_key ?? headers['idempotency-key'] ?? newRequestId();
  return { idempotencyKey: key };
}

const problems = {
  COUPON_NOT_FOUND: 'names no coupon',
  COUPON_DELETED: 'names a coupon that is deleted',
  MEMBERSHIP_NOT_FOUND: 'names no membership',
  CUSTOMER_CREDIT_NOT_FOUND: 'names no credit',
} as const;

type Named = Readonly<Partial<Record<keyof typeof problems, string>>>;

/** Waits for an answer. What the body names and is not there is a wrong field, and no 404. */
export async function namedInBody<Answer>(answer: Promise<Answer>, fields: Named): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ScripError)) throw error;
    const reason = Object.keys(problems).find((each) => each === error.reason);
    const field = fields[reason as keyof Named];
    if (field === undefined) throw error;
    const problem = problems[reason as keyof Named];
    const issues = [{ field, problem }];
    throw new FaultError(reason as keyof Named, `${field} ${problem}.`, { issues });
  }
}

/** The terms that a body changes. Null removes, as what is left out does not. */
export function maskOf(patch: object, pathsByField: ReadonlyMap<string, string>) {
  const paths = new Set(Object.keys(patch).flatMap((field) => pathsByField.get(field) ?? []));
  if (paths.size === 0) throw invalidField('body', 'must have a field to change');
  return { paths: [...paths] };
}

/** An id as the ledger writes it: upper and lower case are the same UUID. */
export function idOf(uuid: string): string {
  return uuid.toLowerCase();
}
