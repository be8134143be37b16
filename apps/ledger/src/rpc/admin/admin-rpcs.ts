// The shape of the service of administration.
import type { ServiceImpl } from '@connectrpc/connect';
import type { AdminService } from '@scrip/contract';

/** Every RPC of AdminService. */
export type AdminRpcs = ServiceImpl<typeof AdminService>;
