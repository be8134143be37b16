// Promises of the form "within a second", judged on a machine that may be busy.

import { setTimeout as delay } from 'node:timers/promises';

const pauseMs = 10;

/**
 * Asks until the answer is yes. Throws when a question that was put more than so many milliseconds
 * after this call is answered no; how long an answer takes is not judged.
 */
export async function expectWithin(ms: number, ask: () => Promise<boolean>): Promise<void> {
  const calledAtMs = performance.now();
  for (;;) {
    const askedAfterMs = performance.now() - calledAtMs;
    if (await ask()) return;
    if (askedAfterMs > ms) {
      throw new Error(`What was asked after ${Math.round(askedAfterMs)} ms was answered no.`);
    }
    await delay(pauseMs);
  }
}
