// The seal covers every byte and where one event ends.
import { expect, it } from 'vitest';
import { genesisHash, nextChainHash } from './chain-hash.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

it('differs when a byte moves from one event to the next', () => {
  const one = nextChainHash(genesisHash, [bytes(1, 2), bytes(3)]);
  const other = nextChainHash(genesisHash, [bytes(1), bytes(2, 3)]);
  expect(hex(one)).not.toBe(hex(other));
});

it('differs with the hash before, the order, and every byte', () => {
  const events = [bytes(1), bytes(2)];
  const seals = [
    nextChainHash(genesisHash, events),
    nextChainHash(new Uint8Array(32).fill(1), events),
    nextChainHash(genesisHash, events.toReversed()),
    nextChainHash(genesisHash, [bytes(1), bytes(3)]),
  ];
  expect(new Set(seals.map(hex)).size).toBe(4);
});

it('is the SHA-256 that the documents describe', () => {
  // printf of 32 zero bytes, 00000002, 0102 through sha256sum.
  const seal = nextChainHash(genesisHash, [bytes(1, 2)]);
  expect(seal).toHaveLength(32);
  expect(hex(seal)).toBe('bbd56f83b6d8876bfa4816856521f3aa0258dfe953aeab6164410dcaa2df53e8');
});
