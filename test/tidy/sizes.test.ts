// Files and lines stay short. Functions and parameter counts are the linter's, see .oxlintrc.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from './source-files.ts';
import { isTest, readFiles, readSourceFiles, root } from './source-files.ts';

const lineLimits = { source: 300, test: 500, proto: 400, readme: 80 } as const;
const columnLimit = 100;
/** An address, or the path of an import: neither can go on in the next line. */
const cannotBeBroken = /https?:\/\/\S{40}|^export \{ [\w ]+ \} from '[^']{40,}';$/;

const sources = readSourceFiles();
const protos = readFiles(['proto/scrip/**/*.proto']);
const readmes = readFiles(['{packages,apps}/*/README.md']);

describe('sizes', () => {
  it('has no file beyond its limit of lines', () => {
    const files = [...sources, ...protos, ...readmes];
    expect(files.flatMap(findLongFile)).toEqual([]);
  });

  it('has no line beyond 100 columns', () => {
    expect([...sources, ...protos].flatMap(findLongLines)).toEqual([]);
  });

  it('has the linter measure functions and parameters', () => {
    const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8');
    expect(config).toMatch(/"max-lines-per-function": \[\s*"error",\s*\{ "max": 60,/);
    expect(config).toMatch(/"max-params": \["error", 3\]/);
  });

  it.each([
    ['packages/kernel/src/a.ts', 300],
    ['packages/kernel/src/a.test.ts', 500],
    ['proto/scrip/a.proto', 400],
    ['packages/kernel/README.md', 80],
  ])('names %s when it has more than %d lines', (path, limit) => {
    expect(findLongFile({ path, text: 'x\n'.repeat(limit) })).toEqual([]);
    expect(findLongFile({ path, text: 'x\n'.repeat(limit + 1) })).toEqual([
      `${path}: ${limit + 1} lines; the limit is ${limit}`,
    ]);
  });

  it('names a line of 101 columns, unless an address makes it long', () => {
    const text = `${'x'.repeat(100)}\n${'x'.repeat(101)}\n// https://${'x'.repeat(101)}`;
    expect(findLongLines({ path: 'a.ts', text })).toEqual([
      'a.ts:2: 101 columns; the limit is 100',
    ]);
  });
});

function findLongFile({ path, text }: SourceFile): readonly string[] {
  const lineCount = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const limit = lineLimits[kindOf(path)];
  return lineCount > limit ? [`${path}: ${lineCount} lines; the limit is ${limit}`] : [];
}

function kindOf(path: string): keyof typeof lineLimits {
  if (path.endsWith('.proto')) return 'proto';
  if (path.endsWith('.md')) return 'readme';
  return isTest(path) ? 'test' : 'source';
}

function findLongLines({ path, text }: SourceFile): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.length <= columnLimit || cannotBeBroken.test(line)) return [];
    return [`${path}:${index + 1}: ${line.length} columns; the limit is ${columnLimit}`];
  });
}
