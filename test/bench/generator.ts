// A load generator in a process of its own, so that its CPU is counted apart. It speaks every
// protocol by hand, since a full client costs more than the server it measures.
import type { GeneratorMessage, Load } from './load/load.ts';
import { runLoad } from './load/run-load.ts';

const tell = (message: GeneratorMessage): void => void process.send?.(message);
const window = {
  onMeasuring: () => tell({ kind: 'measuring' }),
  onMeasured: () => tell({ kind: 'measured' }),
};
let loadCount = 0;

process.once('disconnect', () => process.exit(0));
process.on('message', (load: Load) => {
  const place = [process.pid, Date.now(), loadCount++].map((part) => part.toString(36));
  runLoad(load, { window, run: place.join('-').padEnd(17, '-'), seed: process.pid }).then(
    (result) => tell({ kind: 'result', result }),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
