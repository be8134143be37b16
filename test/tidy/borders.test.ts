// Every import in packages, apps and test goes through a door of the house.
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeImport, packageName } from './borders.ts';
import type { OpenSubpaths } from './borders.ts';
import { findCycle } from './cycles.ts';
import { doorsByRoom, roomsByThirdParty } from './doors.ts';
import { listImports } from './imports.ts';
import { listRoomFolders, readFiles, readSourceFiles, roomOf } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

const files = readSourceFiles();

describe('borders', () => {
  it('are read in every room', () => {
    const rooms = new Set(files.map(({ path }) => roomOf(path)));
    const folders = listRoomFolders().map((folder) => posix.basename(folder));
    expect(folders.filter((room) => !rooms.has(room))).toEqual([]);
    expect(folders.length).toBeGreaterThan(8);
  });

  it('has every import go through a door', () => {
    const subpaths = readOpenSubpaths();
    expect(files.flatMap((file) => listBreaches(file, subpaths))).toEqual([]);
  });

  it('has a row in the table for every room', () => {
    const rooms = listRoomFolders().map((folder) => posix.basename(folder));
    expect(rooms.filter((room) => !(room in doorsByRoom))).toEqual([]);
  });

  it('has no third party in a room that does without it', () => {
    const needed = new Set([...listImported(), ...listDepended()]);
    const rows = Object.entries(roomsByThirdParty).flatMap(([name, rooms]) =>
      rooms.map((room) => `${room}: ${name}`),
    );
    expect(rows.filter((row) => !needed.has(row))).toEqual([]);
  });

  it('has no circle of imports between files', () => {
    const importsByPath = new Map(files.map((file) => [file.path, listRelativeImports(file)]));
    expect(findCycle(importsByPath)).toEqual([]);
  });

  it('finds a circle between three files', () => {
    const importsByPath = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ]);
    expect(findCycle(importsByPath)).toEqual(['b', 'c', 'b']);
  });
});

describe('the rule of the borders', () => {
  it.each([
    ['packages/engine/src/a.ts', `import { x } from '@scrip/persistence';`],
    ['packages/engine/src/a.ts', `import type { x } from '@scrip/contract';`],
    ['packages/engine/src/a.ts', `export { x } from '@scrip/codec';`],
    ['packages/engine/src/a.ts', `const x = await import('@scrip/runtime');`],
    ['packages/engine/src/a.ts', `type X = import('@scrip/runtime').X;`],
    ['packages/engine/src/a.ts', `import { x } from '@scrip/kernel/src/a.ts';`],
    ['packages/engine/src/a.ts', `import { x } from '../../kernel/src/index.ts';`],
    ['packages/engine/src/a.ts', `import { Pool } from 'pg';`],
    ['packages/engine/src/a.ts', `import { create } from '@bufbuild/protobuf';`],
    ['packages/engine/src/a.ts', `import { x } from 'a-package-without-a-room';`],
    ['packages/engine/src/a.ts', `import { it } from 'vitest';`],
    ['packages/engine/src/a.ts', `import { x } from '@scrip/testkit';`],
    ['packages/kernel/src/a.ts', `import { readFile } from 'node:fs';`],
    ['packages/codec/src/a.ts', `import { startWriter } from '@scrip/engine';`],
    ['packages/persistence/src/a.ts', `import { startWriter } from '@scrip/engine';`],
    ['apps/ledger/src/rpc/a.ts', `import { x } from '@scrip/persistence';`],
    ['apps/gateway/src/a.ts', `import { x } from '@scrip/ledger';`],
    ['test/e2e/a.test.ts', `import { x } from '../../packages/kernel/src/index.ts';`],
  ])('refuses in %s: %s', (path, text) => {
    expect(listBreaches({ path, text }, {})).toEqual([
      expect.stringMatching(/^[^:]+:1: .+ may not import .+; the door is .+$/),
    ]);
  });

  it.each([
    ['packages/engine/src/a.ts', `import { x } from '@scrip/kernel';`],
    ['packages/engine/src/a.test.ts', `import { it } from 'vitest';`],
    ['packages/engine/src/a.test.ts', `import { x } from '@scrip/testkit';`],
    ['packages/codec/src/a.ts', `import type { Port } from '@scrip/engine';`],
    ['packages/persistence/src/a.ts', `import { StaleHeadError } from '@scrip/engine';`],
    ['packages/persistence/src/a.ts', `import { sql } from 'kysely';`],
    ['apps/ledger/src/compose.ts', `import { x } from '@scrip/persistence';`],
    ['apps/scrip/src/main.ts', `import { x } from '@scrip/ledger';`],
    ['apps/scrip/src/main.ts', `import { x } from '@scrip/client/node';`],
    ['test/e2e/a.test.ts', `import { x } from '@scrip/kernel';`],
  ])('allows in %s: %s', (path, text) => {
    expect(listBreaches({ path, text }, { client: ['./node'] })).toEqual([]);
  });
});

function listBreaches(file: SourceFile, subpaths: OpenSubpaths): readonly string[] {
  return listImports(file).flatMap((use) => {
    const reason = judgeImport(file.path, use, subpaths);
    return reason === undefined ? [] : [`${file.path}:${use.line}: ${reason}`];
  });
}

function listRelativeImports(file: SourceFile): readonly string[] {
  return listImports(file)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(posix.dirname(file.path), specifier));
}

/** What the files of each room import, and what the room depends on: `ledger: jose`. */
function listImported(): readonly string[] {
  return files.flatMap((file) =>
    listImports(file).map(({ specifier }) => `${roomOf(file.path)}: ${packageName(specifier)}`),
  );
}

function listDepended(): readonly string[] {
  return readManifests().flatMap(({ room, dependencies = {} }) =>
    Object.keys(dependencies).map((name) => `${room}: ${name}`),
  );
}

function readOpenSubpaths(): OpenSubpaths {
  return Object.fromEntries(
    readManifests().map(({ room, exports = {} }) => [room, Object.keys(exports)]),
  );
}

function readManifests(): readonly {
  readonly room: string;
  readonly exports?: object;
  readonly dependencies?: object;
}[] {
  return readFiles(['{packages,apps}/*/package.json']).map(({ path, text }) => ({
    ...(JSON.parse(text) as { readonly exports?: object; readonly dependencies?: object }),
    room: posix.basename(posix.dirname(path)),
  }));
}
