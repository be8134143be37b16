// A gateway over a ledger that a test writes down: what it answers, and what it was asked.
import type { ServiceImpl } from '@connectrpc/connect';
import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect';
import { ErrorDetailSchema, ErrorReason, LedgerService } from '@scrip/contract';
import { CouponService } from '@scrip/contract/coupons';
import { createLog } from '@scrip/runtime';
import type { Gateway } from './gateway.ts';
import { createGateway } from './gateway.ts';

export type FakeLedger = Partial<ServiceImpl<typeof LedgerService>>;
export type FakeCoupons = Partial<ServiceImpl<typeof CouponService>>;

/** The headers of a key that the fake ledger knows. */
export const known = { 'x-api-key': 'scrip_test_known' } as const;
export const storeId = 'sto_0123456789S';

type FakeSettings = {
  readonly coupons?: FakeCoupons;
  /** What is logged. */
  readonly lines?: string[];
  readonly ready?: () => Promise<boolean>;
  readonly allowedOrigins?: readonly string[];
  readonly graceMs?: number;
  readonly publicUrl?: string;
};

/** Makes a gateway whose ledger knows one key and otherwise does what the test says. */
export function createFakeGateway(
  fake: FakeLedger = {},
  {
    coupons = {},
    lines = [],
    ready = async () => true,
    allowedOrigins = [],
    graceMs = 50,
    ...others
  }: FakeSettings = {},
): Promise<Gateway> {
  const getHead: FakeLedger['getHead'] = (_request, { requestHeader }) => {
    if (requestHeader.get('x-api-key') === known['x-api-key']) return { storeId };
    throw refusal('KEY_UNKNOWN', Code.Unauthenticated);
  };
  const transport = createRouterTransport(({ service }) => {
    service(LedgerService, { getHead, ...fake });
    service(CouponService, coupons);
  });
  const log = createLog({ level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const clock = { nowMs: () => 1_700_000_000_000 };
  return createGateway({ transport, log, ready, clock, graceMs, allowedOrigins, ...others });
}

/** A refusal as the ledger sends it. */
export function refusal(
  reason: keyof typeof ErrorReason,
  code: Code,
  ...[metadata = {}, message = `refused: ${reason}`]: readonly [
    Readonly<Record<string, string>>?,
    string?,
  ]
): ConnectError {
  const value = { reason: ErrorReason[reason], metadata };
  return new ConnectError(message, code, {}, [{ desc: ErrorDetailSchema, value }]);
}
