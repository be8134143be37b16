// What is said when no cluster can be made.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { initialise } from './initialise.ts';

it('says why a cluster could not be made, without the command, and leaves nothing', async () => {
  const place = mkdtempSync(join(tmpdir(), 'runtime-initialise-'));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const initdb = join(place, 'initdb');
  const said = '2026-05-01 12:00:00 UTC [7] FATAL:  could not write file: No space left on device';
  writeFileSync(initdb, `#!/bin/sh\necho '${said}' >&2\nexit 1\n`, { mode: 0o755 });
  const folders = { dataDir: place, clusterDir: join(place, 'postgres') };
  const made = initialise({
    folders: { ...folders, account: undefined, serverDir: undefined },
    binaries: { initdb, postgres: initdb },
    sync: false,
  });
  await expect(made).rejects.toThrow(
    /^the embedded PostgreSQL could not be made in \S+: could not write file: No space left.*$/,
  );
  expect(readdirSync(place)).toEqual(['initdb']);
});
