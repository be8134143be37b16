// Standard output as the log uses it. One that takes nothing, a full disk or a pipe that nobody
// reads, costs lines; it stops neither the work nor the end of the process.

import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** How long a line may wait for others to be written with, in milliseconds. */
const waitMsMax = 10;
/** How long to wait before an output is tried again that has not taken anything. */
const retryMs = 100;
/** Characters of lines that wait for an output that does not take them; more are lost. */
const waitingLengthMax = 16 * 1024 * 1024;
/** How long the end of the process waits for an output that takes nothing of what is left. */
const leaveMsMax = 1_000;
const standardOutput = 1;
const nothing = Buffer.alloc(0);

/** Writes lines beside the work, those of ten milliseconds together; the last ones at the end. */
export function createLogOutput(): DestinationStream {
  // Under load there are hundreds at once: to hand on each would cost more than to make it.
  let waiting = '';
  let handedOn = nothing;
  let isAtWork = false;
  let isUnderWay = false;
  const handOn = (): void => {
    handedOn = Buffer.from(waiting);
    waiting = '';
    writeOn();
  };
  const writeOn = (): void => {
    isUnderWay = true;
    write(standardOutput, handedOn, done);
  };
  const done = (error: NodeJS.ErrnoException | null, byteCount: number): void => {
    isUnderWay = false;
    // Nobody reads any more.
    if (error?.code === 'EPIPE') [waiting, handedOn] = ['', nothing];
    if (error === null) handedOn = handedOn.subarray(byteCount);
    if (handedOn.byteLength > 0) {
      if (error === null) writeOn();
      else setTimeout(writeOn, retryMs).unref();
    } else if (waiting === '') {
      isAtWork = false;
      process.off('exit', writeNow);
    } else {
      setTimeout(handOn, waitMsMax);
    }
  };
  // No turn comes any more that could write beside the work. What is under way is still done.
  const writeNow = (): void => {
    writeRest(Buffer.concat([isUnderWay ? nothing : handedOn, Buffer.from(waiting)]));
  };
  return {
    write: (line) => {
      if (waiting.length + line.length > waitingLengthMax) return;
      waiting += line;
      if (isAtWork) return;
      isAtWork = true;
      setTimeout(handOn, waitMsMax);
      process.once('exit', writeNow);
    },
  };
}

function writeRest(bytes: Buffer): void {
  let rest = bytes;
  let tookAtMs = performance.now();
  while (rest.byteLength > 0 && performance.now() - tookAtMs < leaveMsMax) {
    try {
      rest = rest.subarray(writeSync(standardOutput, rest));
      tookAtMs = performance.now();
    } catch (error) {
      // A full pipe alone has room again soon.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMsMax);
    }
  }
}
