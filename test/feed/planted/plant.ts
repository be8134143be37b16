// Loaded into a server before anything else: changes its source as it is read.
import { registerHooks } from 'node:module';
import { planted } from './planted.ts';

const name = process.env['PLANTED'] ?? '';
const plant = planted.find((each) => each.name === name);
if (plant === undefined) throw new Error(`Nothing to plant is named "${name}".`);

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const edits = plant.edits.filter(({ file }) => url.endsWith(`/${file}`));
    if (edits.length === 0) return loaded;
    let source = Buffer.from(loaded.source as Uint8Array).toString();
    for (const { file, from, to } of edits) {
      // The code has moved on: a bug that is not planted would seem to be missed.
      if (!source.includes(from)) throw new Error(`${file} does not contain: ${from}`);
      source = source.replaceAll(from, to);
    }
    return { ...loaded, source };
  },
});
