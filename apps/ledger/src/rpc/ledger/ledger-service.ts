// LedgerService, whole.
import { accountRpcs } from './accounts.ts';
import type { LedgerPorts } from './answer.ts';
import { balanceRpcs } from './balances.ts';
import { headRpcs } from './head.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { transactionRpcs } from './transactions.ts';

/** Implements LedgerService over the engine and the reader. */
export function createLedgerService(ports: LedgerPorts): LedgerRpcs {
  return {
    ...accountRpcs(ports),
    ...transactionRpcs(ports),
    ...balanceRpcs(ports),
    ...headRpcs(ports),
  };
}
