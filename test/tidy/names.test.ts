// Files are named by the concept, in kebab-case, and say in their first line what they are for.
import { describe, expect, it } from 'vitest';
import type { SourceFile } from './source-files.ts';
import { readFiles, readSourceFiles } from './source-files.ts';

const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
const snakeCase = /^[a-z0-9]+(?:_[a-z0-9]+)*(?:\.proto)?$/;
const emptyWords = /(?:^|[-_./])(?:utils?|commons?|helpers?|managers?|misc|v2)(?:$|[-_./])/i;

const sources = readSourceFiles();
const protos = readFiles(['proto/scrip/**/*.proto']);
const others = readFiles(['{packages,apps}/*/src/**/*.{sql,json,css,html}']);

describe('names', () => {
  it('are kebab-case, in protos snake_case, and say something', () => {
    expect([...sources, ...protos, ...others].flatMap(findBadName)).toEqual([]);
  });

  it.each([
    'packages/kernel/src/bookState.ts',
    'packages/kernel/src/Book.ts',
    'packages/kernel/src/book_state.ts',
    'packages/kernel/src/util.ts',
    'packages/kernel/src/helpers/amount.ts',
    'packages/engine/src/queue-manager.ts',
    'packages/engine/src/writer-v2.ts',
    'proto/scrip/ledger/v1/error-reason.proto',
  ])('refuses %s', (path) => {
    expect(findBadName({ path, text: '' })).toHaveLength(1);
  });

  it.each([
    'packages/kernel/src/book-state.test.ts',
    'packages/kernel/src/commander.ts',
    'packages/persistence/src/migrations/0001-creates-the-books.ts',
    'proto/scrip/ledger/v1/error_reason.proto',
  ])('allows %s', (path) => {
    expect(findBadName({ path, text: '' })).toEqual([]);
  });
});

describe('first lines', () => {
  it('say what the file is for', () => {
    expect([...sources, ...protos].flatMap(findMissingOpening)).toEqual([]);
  });

  it('are missed when code comes first', () => {
    expect(findMissingOpening({ path: 'a.ts', text: 'export const a = 1;\n' })).toHaveLength(1);
    expect(findMissingOpening({ path: 'a.ts', text: '// What a is for.\n' })).toEqual([]);
  });
});

function findBadName({ path }: SourceFile): readonly string[] {
  const parts = path.split('/').slice(1);
  const shape = path.endsWith('.proto') ? snakeCase : kebabCase;
  if (!parts.every((part) => shape.test(part))) return [`${path}: not in the house's case`];
  return emptyWords.test(parts.join('/')) ? [`${path}: a name that says nothing`] : [];
}

function findMissingOpening({ path, text }: SourceFile): readonly string[] {
  const opens = /^(?:#!.*\n)?(?:\/\/ \S|\/\*\*?\s)/.test(text);
  return opens ? [] : [`${path}:1: does not open with a sentence on what the file is for`];
}
