// Whether there are traces: decided by the environment, before anything is loaded for them.
import type { Tracing, TracingSources } from './tracing.ts';

/**
 * Starts traces if `OTEL_EXPORTER_OTLP_ENDPOINT`, or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, says
 * where they go. Otherwise there are none, and nothing is loaded for them.
 */
export async function startTracing({ env, log }: TracingSources): Promise<Tracing | undefined> {
  const { OTEL_SDK_DISABLED: disabled = '', OTEL_TRACES_EXPORTER: exporter = 'otlp' } = env;
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (endpoint === undefined || endpoint === '') return undefined;
  if (disabled.toLowerCase() === 'true' || exporter === 'none') return undefined;
  const { createOtlpTracing } = await import('./otlp-tracing.ts');
  return createOtlpTracing({ env, log });
}
