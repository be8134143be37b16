// The code moves on: a bug that can no longer be planted would be found missing only much later.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plantedBugs } from '../../faults/planted/bugs.ts';
import { planted } from './planted.ts';

const root = new URL('../../../', import.meta.url);

describe('what is planted', () => {
  const edits = [...planted, ...plantedBugs].flatMap(({ name, edits: each }) =>
    each.map((edit) => ({ name, ...edit })),
  );

  it.each(edits)('has its place in $file: $name', ({ file, from }) => {
    expect(readFileSync(new URL(file, root), 'utf8')).toContain(from);
  });
});
