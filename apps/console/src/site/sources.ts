// What the page is built from, and the mark of it: another mark means that it has to be built anew.
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package. This file is in `src/site` or, compiled, in `dist/site`. */
export const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

/** Where the built page is. */
export const publicFolder = join(packageFolder, 'dist/public');

/** The file beside the page that says what it was built from. */
export const markFile = 'built-from.txt';

/**
 * The mark of the sources as they are now: SHA-256 over the files of the page and of the rooms it
 * imports. Undefined where there is nothing to build from, as in a package without sources.
 */
export function markOfSources(): string | undefined {
  if (!existsSync(join(packageFolder, 'src/index.html'))) return undefined;
  const hash = createHash('sha256');
  for (const folder of [join(packageFolder, 'src'), ...importedFolders()]) {
    for (const path of globSync('**/*.{ts,tsx,html,css,svg}', { cwd: folder }).toSorted()) {
      if (path.includes('.test.')) continue;
      hash
        .update(path)
        .update('\0')
        .update(readFileSync(join(folder, path)))
        .update('\0');
    }
  }
  return hash.update(readFileSync(join(packageFolder, 'package.json'))).digest('hex');
}

/** The sources of the packages of this house that the page is built with. */
function importedFolders(): readonly string[] {
  return ['@scrip/client', '@scrip/contract'].map((name) =>
    dirname(fileURLToPath(import.meta.resolve(name))),
  );
}

/** The mark of the page that is there, if one is. */
export function markOfPage(): string | undefined {
  const path = join(publicFolder, markFile);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
