// When a hold may end: after its own instant, and within a day of it.
import { createTestBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../value/instant.ts';
import { parseCreateHold, parseExtendHold } from './commands.ts';

const dayMs = 86_400_000;

/** A book with a hold, and how its end is asked for, in milliseconds from the instant of that. */
function openHold() {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c', initialBalance: '100' });
  const account = { kind: 'id', id } as const;
  // The next command is a millisecond later.
  const inMs = (ms: number) => (book.state.instant + 1 + ms) as Instant;
  let count = 0;
  const hold = (ms: number) => {
    const terms = { amount: '1', reference: 'job', idempotencyKey: `hold ${++count}` };
    return book.submit(parseCreateHold({ account, ...terms, expiresAt: inMs(ms) }));
  };
  hold(dayMs);
  const [holdId = ''] = book.state.holds.keys();
  const extend = (ms: number) => book.submit(parseExtendHold({ holdId, expiresAt: inMs(ms) }));
  return { hold, extend };
}

describe('an instant at which a hold is to end', () => {
  it.each(['hold', 'extend'] as const)('is judged by the millisecond: %s', (kind) => {
    const { [kind]: ask } = openHold();
    expect(ask(0)).toMatchObject({ kind: 'refused', metadata: { field: 'expires_at' } });
    expect(ask(dayMs + 1)).toMatchObject({ kind: 'refused', metadata: { field: 'expires_at' } });
    expect(ask(dayMs)).toMatchObject({ kind: 'accepted' });
    expect(ask(1)).toMatchObject({ kind: 'accepted' });
  });
});
