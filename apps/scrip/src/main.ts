#!/usr/bin/env node
// The command `scrip`: looks at the version of Node, then runs.
import module from 'node:module';

const versionMajorMin = 24;
const { node } = process.versions;

if (Number(node.split('.')[0]) < versionMajorMin) {
  console.error(`scrip needs Node ${versionMajorMin} or newer, and this is Node ${node}`);
  process.exitCode = 2;
} else {
  // What was compiled once is read at the next start: a third of its time.
  module.enableCompileCache();
  const { run } = await import('./program.ts');
  process.exit(await run(process.argv.slice(2), process.env));
}
