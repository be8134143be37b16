// The customer that is none: its accounts are the plans of the Accounts API.

import type { Account } from '@scrip/contract';

export const plansCustomerId = 'credits-dev:plans';
export const planNamePrefix = 'plan ';

/** Whether an account is a plan: no credits are ever on it, and no other list shows it. */
export function isPlan({ customerId, name }: Pick<Account, 'customerId' | 'name'>): boolean {
  return customerId === plansCustomerId && name.startsWith(planNamePrefix);
}
