// AdminService, whole.
import { accessTokenRpcs } from './access-tokens.ts';
import type { AdminPorts } from './admin-ports.ts';
import type { AdminRpcs } from './admin-rpcs.ts';
import { apiKeyRpcs } from './api-keys.ts';
import { clockRpcs } from './clock.ts';
import { storeRpcs } from './stores.ts';

/** Implements AdminService over the stores and their keys. */
export function createAdminService(ports: AdminPorts): AdminRpcs {
  return {
    ...storeRpcs(ports),
    ...apiKeyRpcs(ports),
    ...accessTokenRpcs(ports),
    ...clockRpcs(ports),
  };
}
