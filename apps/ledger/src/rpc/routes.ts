// Every service that the server speaks.
import type { ConnectRouter } from '@connectrpc/connect';
import {
  file_scrip_ledger_v1_error_reason,
  file_scrip_ledger_v1_event,
  Health,
  LedgerService,
  ServerReflection,
  ServerReflectionV1Alpha,
} from '@scrip/contract';
import { createHealthService, type HealthOptions } from './health/health-service.ts';
import type { LedgerPorts } from './ledger/answer.ts';
import { createLedgerService } from './ledger/ledger-service.ts';
import { createFileIndex } from './reflection/file-index.ts';
import { createReflectionRpc } from './reflection/reflection-service.ts';

const services = [LedgerService, Health, ServerReflection, ServerReflectionV1Alpha];

/** Registers the ledger, the health check and reflection. */
export function createRoutes(
  ports: LedgerPorts,
  health: HealthOptions,
): (router: ConnectRouter) => void {
  const files = services.map((service) => service.file);
  // Error details and events travel as bytes: no service imports them.
  const index = createFileIndex([
    ...files,
    file_scrip_ledger_v1_error_reason,
    file_scrip_ledger_v1_event,
  ]);
  const serverReflectionInfo = createReflectionRpc(
    index,
    services.map((service) => service.typeName),
  );
  return (router) => {
    router.service(LedgerService, createLedgerService(ports));
    router.service(Health, createHealthService(health));
    router.service(ServerReflection, { serverReflectionInfo });
    router.service(ServerReflectionV1Alpha, { serverReflectionInfo });
  };
}
