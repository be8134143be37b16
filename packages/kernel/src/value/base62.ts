// 64 bits as eleven digits of base 62 behind a prefix, and back.
import type { Halves } from './permutation.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
const digitByCode = new Int8Array(128).fill(-1);
for (const [digit, code] of codes.entries()) digitByCode[code] = digit;

const base = 62;
const length = 11;
// Numbers below 62^3 * 2^32 are exact: no big integer is needed, and this is on every call's way.
const digitsAtOnce = 3;
const group = base ** digitsAtOnce;
const halfRange = 2 ** 32;

/** Texts of one prefix. */
export interface Base62 {
  write(halves: Halves): string;
  /** Nothing for what has another form. */
  read(text: string): Halves | undefined;
}

/** Makes and reads texts with a prefix. */
export function createBase62(prefix: string): Base62 {
  const text = Array.from(prefix + '0'.repeat(length), (character) => character.charCodeAt(0));
  const put = (at: number, digit: number): void => {
    text[at] = codes[digit] ?? 0;
  };
  return {
    write: ([halfHigh, halfLow]) => {
      let [high, low] = [halfHigh, halfLow];
      let at = text.length;
      while (at > prefix.length + 2) {
        at -= digitsAtOnce;
        const rest = (high % group) * halfRange + low;
        high = Math.floor(high / group);
        low = Math.floor(rest / group);
        const digits = rest - low * group;
        put(at, Math.floor(digits / base ** 2));
        put(at + 1, Math.floor(digits / base) % base);
        put(at + 2, digits % base);
      }
      put(prefix.length, Math.floor(low / base));
      put(prefix.length + 1, low % base);
      return String.fromCharCode(...text);
    },
    read: (unchecked) => {
      if (unchecked.length !== text.length || !unchecked.startsWith(prefix)) return undefined;
      return halvesOf(unchecked, prefix.length);
    },
  };
}

function halvesOf(text: string, start: number): Halves | undefined {
  let [high, low] = [0, 0];
  // The first two digits, then three at once.
  for (let at = start - 1; at < text.length; at += digitsAtOnce) {
    const first = at < start ? 0 : digitAt(text, at);
    const [second, third] = [digitAt(text, at + 1), digitAt(text, at + 2)];
    // One that is none is -1, and the only one that makes this negative.
    if ((first | second | third) < 0) return undefined;
    const value = low * group + (first * base + second) * base + third;
    low = value >>> 0;
    high = high * group + Math.floor(value / halfRange);
  }
  return high < halfRange ? [high, low] : undefined;
}

function digitAt(text: string, at: number): number {
  return digitByCode[text.charCodeAt(at)] ?? -1;
}
