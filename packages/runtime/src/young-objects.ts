// How V8 collects the garbage of a server.
import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 make every object in its young generation, for the rest of the process. By itself it
 * begins to make those old whose like it saw outlive collections. Under load the streams of calls
 * are such, since they wait for a commit. They die soon after; but what is old and dead keeps alive
 * what it refers to until all memory is collected, and each collection of the young copies that.
 */
export function keepObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
