// A grant as a message.
import { instantFromMs, type Grant } from '@scrip/kernel';
import { expect, it } from 'vitest';
import { toProtoGrant } from './to-proto-grant.ts';

const at = instantFromMs(1_700_000_000_000);
const grant: Grant = {
  id: 'grt_1' as Grant['id'],
  accountId: 'cca_1' as Grant['accountId'],
  unit: { label: 'credits', scale: 2 },
  sequence: 7 as Grant['sequence'],
  createdAt: at,
  status: 'active',
  priority: 50,
  category: 'paid',
  effectiveAt: at,
  amount: 500n,
  remaining: 125n,
  held: 0n,
  expired: 0n,
  voided: 0n,
};

it('has its sequence and the instant at which it was made', () => {
  const message = toProtoGrant(grant);
  expect(message).toMatchObject({ sequence: 7n, amount: '5', remaining: '1.25' });
  expect(message.createdAt).toBeDefined();
});

it('was made at no instant while it is not booked', () => {
  const message = toProtoGrant({ ...grant, sequence: 0 as Grant['sequence'] });
  expect(message.createdAt).toBeUndefined();
});
