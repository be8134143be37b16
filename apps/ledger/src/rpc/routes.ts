// Every service that the server speaks.
import type { ConnectRouter } from '@connectrpc/connect';
import {
  AdminService,
  file_scrip_ledger_v1_error_reason,
  file_scrip_ledger_v1_event,
  Health,
  LedgerService,
  ServerReflection,
  ServerReflectionV1Alpha,
} from '@scrip/contract';
import { CouponService } from '@scrip/contract/coupons';
import type { AdminPorts } from './admin/admin-ports.ts';
import { createAdminService } from './admin/admin-service.ts';
import type { CouponRpcs } from './coupons/coupon-rpcs.ts';
import { createHealthService, type HealthOptions } from './health/health-service.ts';
import type { LedgerRpcs } from './ledger/ledger-rpcs.ts';
import { createFileIndex } from './reflection/file-index.ts';
import { createReflectionRpc } from './reflection/reflection-service.ts';

const services = [
  LedgerService,
  CouponService,
  AdminService,
  Health,
  ServerReflection,
  ServerReflectionV1Alpha,
];
const serviceNames = services.map((service) => service.typeName);

/**
 * How streams differ. Their messages are not compressed: each would be anew for each of those who
 * watch. They may go on for as long as a timer can tell. A start with a slip of the pen would be
 * `now`, and lose events without a word: a field of JSON that is none is refused, where other
 * methods pass it over. A stop ends them by themselves: ten thousand listeners on the signal that
 * ends the other calls would have to be passed by each of those calls.
 */
export const streamOptions = {
  compressMinBytes: Number.MAX_SAFE_INTEGER,
  maxTimeoutMs: 2 ** 31 - 1,
  jsonOptions: { ignoreUnknownFields: false },
  // The library leaves out what is undefined, though its types do not say so.
  shutdownSignal: undefined as never,
};

/** What the services stand on. */
export type RoutePorts = {
  readonly ledger: LedgerRpcs;
  readonly coupons: CouponRpcs;
  readonly admin: AdminPorts;
  readonly health: HealthOptions;
};

/** Registers the ledger, its coupons, its administration, the health check and reflection. */
export function createRoutes(ports: RoutePorts): (router: ConnectRouter) => void {
  const { ledger, coupons } = ports;
  const files = services.map((service) => service.file);
  // Error details and events travel as bytes: no service need import them.
  const index = createFileIndex([
    ...files,
    file_scrip_ledger_v1_error_reason,
    file_scrip_ledger_v1_event,
  ]);
  const serverReflectionInfo = createReflectionRpc(index, serviceNames);
  return (router) => {
    router.service(LedgerService, ledger);
    // The later handler of a path takes its calls.
    const { watchHistory, watchBalances } = LedgerService.method;
    router.rpc(watchHistory, ledger.watchHistory, streamOptions);
    router.rpc(watchBalances, ledger.watchBalances, streamOptions);
    router.service(CouponService, coupons);
    router.service(AdminService, createAdminService(ports.admin));
    router.service(Health, createHealthService(ports.health, serviceNames));
    router.service(ServerReflection, { serverReflectionInfo });
    router.service(ServerReflectionV1Alpha, { serverReflectionInfo });
  };
}
