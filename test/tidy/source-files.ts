// The files that the tidy tests read: everything written by hand in packages, apps and test.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the house: its path from the root, with slashes, and its text. */
export type SourceFile = { readonly path: string; readonly text: string };

/** The folder that holds the whole house. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const unwritten = /(?:^|\/)(?:node_modules|dist|gen|\.turbo)(?:\/|$)/;

/** Reads every TypeScript file that somebody wrote: packages, apps, test and the root. */
export function readSourceFiles(): readonly SourceFile[] {
  return readFiles(['*.ts', '{packages,apps}/*/src/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}']);
}

/** Reads the files that match any of the patterns; generated and built ones are left out. */
export function readFiles(patterns: readonly string[]): readonly SourceFile[] {
  const paths = globSync(patterns, { cwd: root, exclude: (path) => unwritten.test(path) });
  return paths
    .filter((path) => !unwritten.test(path))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The folders of the packages and apps, `packages/kernel` and so on. */
export function listRoomFolders(): readonly string[] {
  return readFiles(['{packages,apps}/*/package.json']).map(({ path }) => dirname(path));
}

/** The room a path belongs to, `kernel` for `packages/kernel/src/a.ts`; none outside of them. */
export function roomOf(path: string): string | undefined {
  return /^(?:packages|apps)\/([^/]+)\//.exec(path)?.[1];
}

/** Whether a file is a test beside the file it tests. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** The line of an offset in a text, counted from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
