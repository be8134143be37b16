// What a running server says of itself, over HTTP.

import { type Address, formatAddress } from '@scrip/runtime';

export type ServerStatus = {
  readonly address: string;
  readonly state: 'ready' | 'not ready' | 'does not answer';
  /** Commands that no flush has taken yet, in all books; absent when it does not answer. */
  readonly waitingCount?: number;
};

const answerMsMax = 3_000;

/** Asks the gateway at an address. Never throws: no answer is an answer. */
export async function readServerStatus(gateway: Address): Promise<ServerStatus> {
  const address = formatAddress(gateway);
  try {
    const signal = AbortSignal.timeout(answerMsMax);
    const ready = await fetch(`http://${address}/readyz`, { signal });
    await ready.body?.cancel();
    const metrics = await fetch(`http://${address}/metrics`, { signal });
    const waitingCount = readWaitingCount(await metrics.text());
    return {
      address,
      state: ready.ok ? 'ready' : 'not ready',
      ...(waitingCount === undefined ? {} : { waitingCount }),
    };
  } catch {
    return { address, state: 'does not answer' };
  }
}

function readWaitingCount(metrics: string): number | undefined {
  const value = /^scrip_commands_waiting (\d+)$/m.exec(metrics)?.[1];
  return value === undefined ? undefined : Number(value);
}
