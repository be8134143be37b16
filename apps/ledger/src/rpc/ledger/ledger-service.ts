// LedgerService, whole.
import { feedRpcs, type FeedPorts } from '../feed/feed-rpcs.ts';
import { accountRpcs } from './accounts.ts';
import { createSubmit, type LedgerPorts } from './answer.ts';
import { balanceRpcs } from './balances.ts';
import { batchRpcs } from './batches.ts';
import { explanationRpcs } from './explanations.ts';
import { grantRpcs } from './grants.ts';
import { headRpcs } from './head.ts';
import { holdRpcs } from './holds.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { postRpcs } from './posts.ts';
import { createRead } from './read.ts';
import { scheduleRpcs } from './schedules.ts';
import { transactionRpcs } from './transactions.ts';

/** Implements LedgerService over the engine, the reader and the feed. */
export function createLedgerService(ports: LedgerPorts, feedPorts: FeedPorts): LedgerRpcs {
  const parts = { ...ports, submit: createSubmit(ports), read: createRead(ports.reader) };
  return {
    ...accountRpcs(parts),
    ...postRpcs(parts),
    ...transactionRpcs(parts),
    ...batchRpcs(parts),
    ...balanceRpcs(parts),
    ...headRpcs(parts),
    ...holdRpcs(parts),
    ...grantRpcs(parts),
    ...scheduleRpcs(parts),
    ...explanationRpcs(parts),
    ...feedRpcs(feedPorts),
  };
}
