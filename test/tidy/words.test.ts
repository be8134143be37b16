// Time and chance come from the runtime, and a test's name begins with the outcome.
import { describe, expect, it } from 'vitest';
import type { SourceFile } from './source-files.ts';
import { isTest, readSourceFiles, roomOf } from './source-files.ts';
import { findClockAndChance } from './words.ts';

const roomsWithClock = ['runtime', 'testkit'];
const composition = /^apps\/[^/]+\/src\/(?:compose|main)(?:\.ts$|-|\/)/;

const files = readSourceFiles();

describe('words', () => {
  it('keeps the clock and chance in the runtime', () => {
    const product = files.filter(({ path }) => isForPassedInTime(path));
    expect(product.flatMap(findClockAndChance)).toEqual([]);
  });

  it.each([
    'const a = Date.now();',
    'const a = new Date();',
    'const a = Math.random();',
    'const a = crypto.randomUUID();',
    `import { randomUUID } from 'node:crypto';`,
  ])('names the line of %s', (text) => {
    const path = 'packages/engine/src/a.ts';
    expect(isForPassedInTime(path)).toBe(true);
    expect(findClockAndChance({ path, text: `\n${text}` })).toEqual([
      expect.stringMatching(/^packages\/engine\/src\/a\.ts:2: .+ is for the runtime alone/),
    ]);
  });

  it('allows an instant that was passed in, and the word in a comment', () => {
    const text = '// Never Date.now().\nconst a = new Date(1);';
    expect(findClockAndChance({ path: 'a.ts', text })).toEqual([]);
  });

  it('has no test name that is a wish', () => {
    expect(files.filter(({ path }) => isTest(path)).flatMap(findWishes)).toEqual([]);
  });

  it('finds a test name that is a wish', () => {
    const text = `${'it'}('should work', () => {});`;
    expect(findWishes({ path: 'a.test.ts', text })).toEqual(['a.test.ts: should work']);
  });
});

function isForPassedInTime(path: string): boolean {
  const room = roomOf(path);
  if (room === undefined || roomsWithClock.includes(room)) return false;
  return !isTest(path) && !composition.test(path);
}

function findWishes({ path, text }: SourceFile): readonly string[] {
  const names = text.matchAll(/\b(?:it|test|describe)(?:\.\w+\(.*?\)|\.\w+)?\(\s*(['"`])(.*?)\1/gs);
  return [...names]
    .map(([, , name = '']) => name)
    .filter((name) => /\bshould\b/i.test(name))
    .map((name) => `${path}: ${name}`);
}
