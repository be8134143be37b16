// A keyed permutation of 64 bits: ids tell nothing, and none is given twice.
import { createHash } from 'node:crypto';

/** 64 bits as two unsigned numbers of 32. */
export type Halves = readonly [high: number, low: number];

const roundCount = 8;

/** The keys of one permutation: those of another purpose have nothing to do with them. */
export function deriveRoundKeys(idKey: Uint8Array, purpose: string): Uint32Array {
  const digest = createHash('sha512').update(purpose).update(idKey).digest();
  return new Uint32Array(
    Array.from({ length: 2 * roundCount }, (_, i) => digest.readUInt32BE(4 * i)),
  );
}

/** Scrambles 64 bits: a Feistel network on two halves, so that no two inputs share an output. */
export function scramble([high, low]: Halves, roundKeys: Uint32Array): Halves {
  let left = high | 0;
  let right = low | 0;
  for (let round = 0; round < roundCount; round++) {
    const mixed = left ^ mix(right, roundKeys, round);
    left = right;
    right = mixed;
  }
  return [left >>> 0, right >>> 0];
}

/** Undoes `scramble`. */
export function unscramble([high, low]: Halves, roundKeys: Uint32Array): Halves {
  let left = high | 0;
  let right = low | 0;
  for (let round = roundCount - 1; round >= 0; round--) {
    const mixed = right ^ mix(left, roundKeys, round);
    right = left;
    left = mixed;
  }
  return [left >>> 0, right >>> 0];
}

// Signed, since unsigned numbers of 32 bits are not all as small to the engine of the language.
// Two multiplications with shifts between them let every bit of the input reach every bit of the
// output; the key enters before the first and between both.
function mix(half: number, roundKeys: Uint32Array, round: number): number {
  let x = (half + (roundKeys[2 * round] ?? 0)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = x ^ (x >>> 13) ^ (roundKeys[2 * round + 1] ?? 0);
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}
