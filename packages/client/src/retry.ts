// Tries a call again where that cannot do a thing twice. Wraps a transport; removable.
import type { DescMethodUnary } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { Transport } from '@connectrpc/connect';
import { LedgerService } from '@scrip/contract';
import { CouponService } from '@scrip/contract/coupons';
import { pause } from './pause.ts';
import { ScripError } from './scrip-error.ts';

/** How often a call is tried, and how long to wait in between. */
export type RetryPolicy = {
  /** Tries in all, the first included. Default 4. */
  readonly attemptsMax?: number;
  /** The pause after the first failed try, in milliseconds; it doubles each time. Default 50. */
  readonly delayMsFirst?: number;
  /** Gives a number from 0 to 1 that spreads the pauses; pass `Math.random`. Default: no spread. */
  readonly random?: () => number;
};

const attemptsMaxDefault = 4;
const delayMsFirstDefault = 50;
/** No pause is longer, unless the ledger names one. */
const delayMsMax = 2_000;

/**
 * Wraps a transport so that calls are tried again after `unavailable`, if they only read, carry an
 * idempotency key, do what is done once or are idempotent by the contract, and after a refusal
 * that says that nothing happened: `QUEUE_FULL` and `WRITE_ABORTED`. Everything else is passed on
 * at once.
 */
export function withRetries(transport: Transport, policy: RetryPolicy): Transport {
  const { attemptsMax = attemptsMaxDefault } = policy;
  const unary: Transport['unary'] = async (method, signal, ...rest) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await transport.unary(method, signal, ...rest);
      } catch (thrown) {
        const error = ScripError.from(thrown);
        const isLast = attempt >= attemptsMax || signal?.aborted === true;
        if (isLast || !maySendAgain(error, method, rest[2])) throw error;
        await pause(error.retryAfterMs ?? delayMs(attempt, policy), signal);
      }
    }
  };
  return { ...transport, unary, stream: transport.stream.bind(transport) };
}

/** What they do is done once, with or without a key. */
const onceMethods: ReadonlySet<DescMethodUnary> = new Set([
  LedgerService.method.reverseTransaction,
  CouponService.method.reverseRedemption,
  CouponService.method.revokeCustomerCredit,
  CouponService.method.issueMissingCredits,
  CouponService.method.deleteCreditRule,
]);

function maySendAgain(error: ScripError, method: DescMethodUnary, input: object): boolean {
  if (error.reason === 'QUEUE_FULL' || error.reason === 'WRITE_ABORTED') return true;
  return error.code === 'unavailable' && isRepeatable(method, input);
}

function isRepeatable(method: DescMethodUnary, input: object): boolean {
  if (method.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN) return true;
  if (onceMethods.has(method)) return true;
  return 'idempotencyKey' in input && typeof input.idempotencyKey === 'string';
}

function delayMs(attempt: number, policy: RetryPolicy): number {
  const { delayMsFirst = delayMsFirstDefault, random = () => 1 } = policy;
  return Math.min(delayMsFirst * 2 ** (attempt - 1), delayMsMax) * random();
}
