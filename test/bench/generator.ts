// A load generator in a process of its own, so that its CPU is counted apart. It speaks every
// protocol by hand, since a full client costs more than the server it measures.
import type { GeneratorMessage, Load } from './load/load.ts';
import { runLoad } from './load/run-load.ts';

const tell = (message: GeneratorMessage): void => void process.send?.(message);
const window = {
  onMeasuring: () => tell({ kind: 'measuring' }),
  onMeasured: () => tell({ kind: 'measured' }),
};

process.once('disconnect', () => process.exit(1));
process.once('message', (load: Load) => {
  const run = `${process.pid.toString(36)}-${Date.now().toString(36)}`.padEnd(14, '-');
  runLoad(load, { window, run, seed: process.pid }).then(
    (result) => {
      tell({ kind: 'result', result });
      process.removeAllListeners('disconnect');
      process.disconnect();
    },
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
