// The shape of the ledger's service.
import type { ServiceImpl } from '@connectrpc/connect';
import type { LedgerService } from '@scrip/contract';

/** Every RPC of LedgerService. */
export type LedgerRpcs = ServiceImpl<typeof LedgerService>;
