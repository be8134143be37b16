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
import { addService } from './add-service.ts';
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
    addService(router, LedgerService, ledger);
    addService(router, CouponService, coupons);
    addService(router, AdminService, createAdminService(ports.admin));
    router.service(Health, createHealthService(ports.health, serviceNames));
    router.service(ServerReflection, { serverReflectionInfo });
    router.service(ServerReflectionV1Alpha, { serverReflectionInfo });
  };
}
