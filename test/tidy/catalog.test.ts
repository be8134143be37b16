// Every version is exact and stands in one place, the catalog.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from './source-files.ts';
import { readFiles, root } from './source-files.ts';

type Manifest = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;

const lists = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

const manifests = readFiles(['package.json', '{packages,apps}/*/package.json']);
const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');

describe('the catalog', () => {
  it('holds the version of every dependency', () => {
    expect(manifests.flatMap(findOwnVersions)).toEqual([]);
  });

  it('holds exact versions', () => {
    const versions = readCatalog(workspace);
    expect(versions.length).toBeGreaterThan(20);
    expect(versions.filter(([, version]) => !isExact(version))).toEqual([]);
  });

  it('is missed by a version in a package.json', () => {
    const text = '{ "dependencies": { "pg": "8.23.0", "kysely": "catalog:" } }';
    expect(findOwnVersions({ path: 'package.json', text })).toEqual(['package.json: pg 8.23.0']);
  });

  it.each(['^1.0.0', '~1.0.0', '1.x', '>=1.0.0', 'latest', '*', '1.0'])('refuses %s', (version) => {
    const [entry] = readCatalog(`packages:\n  - a\ncatalog:\n  'b': ${version}\n\nc: d\n`);
    expect(entry).toEqual(['b', version]);
    expect(isExact(version)).toBe(false);
  });
});

function findOwnVersions({ path, text }: SourceFile): readonly string[] {
  const manifest = JSON.parse(text) as Manifest;
  return lists
    .flatMap((list) => Object.entries(manifest[list] ?? {}))
    .filter(([, version]) => version !== 'catalog:' && version !== 'workspace:*')
    .map(([name, version]) => `${path}: ${name} ${version}`);
}

/** The entries of the catalog; it is a flat list, so that lines are enough. */
function readCatalog(text: string): readonly (readonly [string, string])[] {
  const section = /^catalog:\n((?:(?: .*|#.*)?\n)*)/m.exec(text)?.[1] ?? '';
  return [...section.matchAll(/^ {2}['"]?([^'":\s]+)['"]?: *['"]?([^'"\s]+)['"]?/gm)].map(
    ([, name = '', version = '']) => [name, version] as const,
  );
}

function isExact(version: string): boolean {
  // The same package in several versions stands there under aliases.
  return /^(?:npm:[\w@/.-]+@)?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(version);
}
