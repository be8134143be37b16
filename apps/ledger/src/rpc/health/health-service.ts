// The standard gRPC health check, of the whole server (an empty name) and of each service.
import { setTimeout } from 'node:timers/promises';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import { HealthServingStatus as Status, type Health } from '@scrip/contract';
import type { Readiness } from './readiness.ts';

/** How often a watch looks again. */
const watchIntervalMs = 1000;

export type HealthOptions = {
  readonly ready: Readiness;
  /** Aborted when the server begins to stop: watches tell so and end. */
  readonly closing: AbortSignal;
};

/**
 * Implements grpc.health.v1.Health for these services. A watch tells the status at once and on
 * every change.
 */
export function createHealthService(
  options: HealthOptions,
  serviceNames: readonly string[],
): ServiceImpl<typeof Health> {
  const known = ['', ...serviceNames];
  const statusOf = async (service: string): Promise<Status> => {
    if (!known.includes(service)) return Status.SERVICE_UNKNOWN;
    return (await options.ready()) ? Status.SERVING : Status.NOT_SERVING;
  };
  return {
    check: async ({ service }) => {
      const status = await statusOf(service);
      if (status !== Status.SERVICE_UNKNOWN) return { status };
      throw new ConnectError('No such service.', Code.NotFound);
    },
    list: async () => {
      const statuses = await Promise.all(
        known.map(async (name) => ({ status: await statusOf(name) })),
      );
      return { statuses: Object.fromEntries(known.map((name, i) => [name, statuses[i] ?? {}])) };
    },
    watch: async function* ({ service }, { signal }) {
      const ends = AbortSignal.any([signal, options.closing]);
      let last: Status | undefined;
      while (!signal.aborted) {
        const status = await statusOf(service);
        if (status !== last) yield { status };
        last = status;
        if (ends.aborted) return;
        await setTimeout(watchIntervalMs, undefined, { signal: ends }).catch(() => undefined);
      }
    },
  };
}
