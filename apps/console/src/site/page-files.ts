// The files of the built page in memory, built first where that is needed.
import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { markFile, markOfPage, markOfSources, packageFolder, publicFolder } from './sources.ts';

/** The files by their path within the page, `files/index-B2x.js` say. */
export type PageFiles = ReadonlyMap<string, Buffer>;

const buildMsMax = 120_000;

/** Reads the page. Builds it when it is missing or was built from other sources than there are. */
export async function readPageFiles(): Promise<PageFiles> {
  const mark = markOfSources();
  if (mark !== undefined && mark !== markOfPage()) await buildPage();
  const paths = globSync('**/*.*', { cwd: publicFolder }).filter((path) => path !== markFile);
  if (!paths.includes('index.html')) throw new Error(`there is no page in ${publicFolder}`);
  return new Map(
    paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(publicFolder, path))]),
  );
}

async function buildPage(): Promise<void> {
  mkdirSync(join(packageFolder, 'dist'), { recursive: true });
  const program = join(packageFolder, 'src/site/build.ts');
  await promisify(execFile)(process.execPath, ['--conditions=@scrip/source', program], {
    cwd: packageFolder,
    timeout: buildMsMax,
  });
}
