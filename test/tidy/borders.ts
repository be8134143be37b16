// The rule of the borders: judges one import of one file against the doors of the house.
import { posix } from 'node:path';
import * as doors from './doors.ts';
import type { Import } from './imports.ts';
import { isTest, roomOf } from './source-files.ts';

/** Which subpaths a package opens besides its index, by room: `{ client: ['./node'] }`. */
export type OpenSubpaths = Readonly<Record<string, readonly string[]>>;

/** Says why an import is a breach: `X may not import Y; the door is Z`. Nothing when it is fine. */
export function judgeImport(
  path: string,
  { specifier, values }: Import,
  subpaths: OpenSubpaths,
): string | undefined {
  const room = roomOf(path);
  if (specifier.startsWith('.')) return judgeRelative(path, specifier);
  const target = /^@scrip\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (target === null)
    return room === undefined ? undefined : judgeThirdParty(path, room, specifier);
  const [, name = '', subpath] = target;
  if (subpath !== undefined && !(subpaths[name] ?? []).includes(`./${subpath}`)) {
    return breach(room ?? 'test', specifier, `@scrip/${name}`);
  }
  return room === undefined ? undefined : judgeRoom({ path, room, name, values });
}

function breach(from: string, to: string, door: string): string {
  return `${from} may not import ${to}; the door is ${door === '' ? 'shut' : door}`;
}

/** A relative import stays inside its own package, or inside `test` and the root. */
function judgeRelative(path: string, specifier: string): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  const from = roomOf(path);
  const to = roomOf(target);
  if (from === to && (from !== undefined || !target.startsWith('..'))) return undefined;
  return breach(from ?? 'test', target, to === undefined ? `packages/${from}` : `@scrip/${to}`);
}

function judgeRoom(use: {
  readonly path: string;
  readonly room: string;
  readonly name: string;
  readonly values: readonly string[];
}): string | undefined {
  const { path, room, name, values } = use;
  const open = { ...doors.doorsByRoom[room], ...(isTest(path) ? doors.testDoors : {}) };
  const opening = open[name];
  if (opening === undefined) return breach(room, name, Object.keys(open).join(', '));
  const forbidden = values.find(
    (value) => opening !== 'all' && !(opening === 'types and errors' && value.endsWith('Error')),
  );
  if (forbidden !== undefined && !isTest(path)) {
    return breach(room, `${forbidden} of ${name}`, `${name}, ${opening} only`);
  }
  const inner = doors.innerDoors.find((door) => door.room === room && door.imports === name);
  if (inner === undefined || isTest(path) || inner.onlyFrom.test(path)) return undefined;
  return breach(path, name, inner.door);
}

function judgeThirdParty(path: string, room: string, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) {
    const allowed = doors.builtinsByRoom[room];
    if (allowed === undefined || isTest(path) || allowed.includes(specifier)) return undefined;
    return breach(room, specifier, allowed.join(', '));
  }
  const name = packageName(specifier);
  if (isTest(path) && doors.testThirdParties.includes(name)) return undefined;
  const rooms = doors.roomsByThirdParty[name] ?? [];
  return rooms.includes(room) ? undefined : breach(room, name, rooms.join(', '));
}

/** `@a/b` for `@a/b/c`, `a` for `a/b`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
