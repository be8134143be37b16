// Builds the page: `node --conditions=@scrip/source src/site/build.ts`. A program of its own, so
// that the server that asks for it neither loads the bundler nor waits with its own work.
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { markFile, markOfPage, markOfSources, packageFolder, publicFolder } from './sources.ts';

const mark = markOfSources();
if (mark === undefined) throw new Error('there are no sources to build the console from');
// Built aside and then moved into place: nobody is ever served one half of it.
const folder = await mkdtemp(join(packageFolder, 'dist/building-'));
try {
  await build({
    configFile: join(packageFolder, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder },
  });
  await writeFile(join(folder, markFile), mark);
  await chmod(folder, 0o755);
  await rm(publicFolder, { recursive: true, force: true });
  await rename(folder, publicFolder).catch((error: unknown) => {
    // Somebody else was faster with the same page.
    if (markOfPage() !== mark) throw error;
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
