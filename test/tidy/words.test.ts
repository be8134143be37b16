// Time and chance come from the runtime, a test's name begins with the outcome, and a thing is
// called what the dictionary calls it.
import { describe, expect, it } from 'vitest';
import { allowedPlaces, ordinaryWords } from './allowed-words.ts';
import { findRefusedWords, readRefusedWords } from './refused-words.ts';
import type { SourceFile } from './source-files.ts';
import { isTest, readFiles, readSourceFiles, roomOf } from './source-files.ts';
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

describe('the dictionary', () => {
  const [dictionary] = readFiles(['docs/dictionary.md']);
  const refused = readRefusedWords(dictionary?.text ?? '');
  const checked = refused.filter(({ word }) => !(word in ordinaryWords));
  const product = [
    ...files.filter(({ path }) => roomOf(path) !== undefined && !isTest(path)),
    ...readFiles(['proto/scrip/**/*.proto']),
  ];
  const isAllowed = (path: string, word: string): boolean =>
    allowedPlaces.some((place) => place.path.test(path) && place.words.includes(word));

  it('is obeyed by names, texts and the contract', () => {
    const breaches = product.flatMap((file) =>
      findRefusedWords(
        file,
        checked.filter(({ word }) => !isAllowed(file.path, word)),
      ),
    );
    expect(breaches).toEqual([]);
    expect(product.length).toBeGreaterThan(200);
  });

  it('has its unmistakable words checked', () => {
    const words = checked.map(({ word }) => word);
    expect(words).toEqual(
      expect.arrayContaining(['tenant', 'wallet', 'asset', 'currency', 'refund', 'revision']),
    );
    expect(words.length).toBeGreaterThan(15);
  });

  it('refuses every word that is allowed somewhere: the list has no dead entries', () => {
    const words = new Set(refused.map(({ word }) => word));
    expect(Object.keys(ordinaryWords).filter((word) => !words.has(word))).toEqual([]);
    const unused = allowedPlaces.flatMap(({ path, words: allowed }) => {
      const there = product.filter((file) => path.test(file.path));
      return allowed.filter((word) => {
        const one = refused.filter((each) => each.word === word);
        return there.every((file) => findRefusedWords(file, one).length === 0);
      });
    });
    expect(unused).toEqual([]);
  });

  it.each([
    [`const walletId = 1;`, 'walletId says wallet; the word is account'],
    [`type A = { readonly tenants: string };`, 'tenants says tenant; the word is store'],
    [`throw new Error('The wallet is empty.');`, 'The wallet is empty. says wallet'],
    ['const a = `select ${b} from wallet`;', 'from wallet says wallet'],
    [`const MASTER_KEY = 1;`, 'MASTER_KEY says master; the word is operator key'],
    [`const pageToken = 1;`, 'pageToken says page token; the word is cursor'],
  ])('is broken by %s', (text, expected) => {
    expect(findRefusedWords({ path: 'a.ts', text: `\n${text}` }, checked)).toEqual([
      expect.stringContaining(`a.ts:2: ${expected}`),
    ]);
  });

  it('is broken by a field of the contract, and not by its comment', () => {
    const text = '// Not a wallet.\nstring wallet_id = 1;';
    expect(findRefusedWords({ path: 'a.proto', text }, checked)).toEqual([
      'a.proto:2: wallet_id says wallet; the word is account',
    ]);
  });

  it('is not broken by a comment or a part of a longer word', () => {
    const text = '// A wallet.\nconst assetted = voidable;';
    expect(findRefusedWords({ path: 'a.ts', text }, checked)).toEqual([]);
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
