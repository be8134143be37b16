// Loaded into a server that is measured: on SIGUSR2 it gives back what it no longer needs, so that
// memory before and after can be compared.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

process.on('SIGUSR2', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
});
