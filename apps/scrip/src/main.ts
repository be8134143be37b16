#!/usr/bin/env node
// The command `scrip`: looks at the version of Node, then runs.
import module from 'node:module';

// The first one whose HTTP/2 takes the headers of an answer as a list.
const [majorMin, minorMin] = [24, 7];
const { node } = process.versions;
const [major = 0, minor = 0] = node.split('.').map(Number);

if (major < majorMin || (major === majorMin && minor < minorMin)) {
  console.error(`scrip needs Node ${majorMin}.${minorMin} or newer, and this is Node ${node}`);
  process.exitCode = 2;
} else {
  // What was compiled once is read at the next start: a third of its time.
  module.enableCompileCache();
  const { run } = await import('./program.ts');
  process.exit(await run(process.argv.slice(2), process.env));
}
