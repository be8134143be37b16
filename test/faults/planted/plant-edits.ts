// Plants changes of the source into the process that loads it.
import { registerHooks } from 'node:module';

/** A change of a file, named by the end of its path: each place that is `from` becomes `to`. */
export type Edit = { readonly file: string; readonly from: string; readonly to: string };

/** Has files changed as they are read from now on. */
export function plantEdits(edits: readonly Edit[]): void {
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      const ofFile = edits.filter(({ file }) => url.endsWith(`/${file}`));
      if (ofFile.length === 0) return loaded;
      let source = Buffer.from(loaded.source as Uint8Array).toString();
      for (const { file, from, to } of ofFile) {
        // The code has moved on: a bug that is not planted would seem to be missed.
        if (!source.includes(from)) throw new Error(`${file} does not contain: ${from}`);
        source = source.replaceAll(from, to);
      }
      return { ...loaded, source };
    },
  });
}
