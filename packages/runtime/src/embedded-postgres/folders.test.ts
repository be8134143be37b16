// What is said of a data folder before anything runs in it.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { hasEmbeddedPostgres } from './folders.ts';

function makePlace(): string {
  const place = mkdtempSync(join(tmpdir(), 'runtime-folders-'));
  onTestFinished(() => rmSync(place, { recursive: true }));
  return place;
}

it('tells a data folder with a PostgreSQL from one without', () => {
  const place = makePlace();
  expect(hasEmbeddedPostgres(place)).toBe(false);
  expect(hasEmbeddedPostgres(join(place, 'nowhere'))).toBe(false);
  mkdirSync(join(place, 'postgres'));
  expect(hasEmbeddedPostgres(place)).toBe(true);
});

it('does not take a data folder that cannot be looked into for an empty one', () => {
  const place = makePlace();
  // A loop fails for everybody, root included, whom no permission keeps out.
  symlinkSync(join(place, 'loop'), join(place, 'loop'));
  expect(() => hasEmbeddedPostgres(join(place, 'loop'))).toThrow(
    /^SCRIP_DATA_DIR: the folder .* cannot be used \(ELOOP\)$/,
  );
});
