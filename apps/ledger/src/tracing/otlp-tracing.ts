// Traces by OpenTelemetry: batched, and sent by OTLP over HTTP in protobuf. The only file that
// knows of it, and loaded only where traces go somewhere.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, type TextMapGetter } from '@opentelemetry/api';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
  type Resource,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import type { Log } from '@scrip/runtime';
import type { HeaderReader } from '../call/watch-call.ts';
import type { Tracing, TracingSources } from './tracing.ts';

const closeMsMax = 2_000;
const kinds = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL } as const;

/** Makes traces. Addresses, headers and timeouts of OTLP are read from the environment by it. */
export function createOtlpTracing({ env, log }: TracingSources): Tracing {
  const exporter = sayFailures(new OTLPTraceExporter(), log);
  const provider = new TracerProvider({
    resource: resourceOf(),
    sampler: samplerOf(env),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('scrip');
  const propagator = new W3CTraceContextPropagator();
  return {
    start: ({ name, kind, headers, attributes }) => {
      const parent =
        headers === undefined ? ROOT_CONTEXT : propagator.extract(ROOT_CONTEXT, headers, getter);
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, parent);
      return (more, isFailure) => {
        span.setAttributes(more);
        if (isFailure) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
    },
    close: async () => {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, closeMsMax);
      await Promise.race([provider.shutdown().catch(() => undefined), late.promise]);
      clearTimeout(timer);
    },
  };
}

// The propagator of W3C asks for its two headers by name, and for no list of them.
const getter: TextMapGetter<HeaderReader> = {
  get: (headers, name) => headers.get(name) ?? undefined,
  keys: () => [],
};

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win over the name that is ours. */
function resourceOf(): Resource {
  const ours = resourceFromAttributes({ 'service.name': 'scrip' });
  const detectors = [resourceAttributesEnvDetector, serviceNameEnvDetector];
  return ours.merge(detectResources({ detectors }));
}

/** `OTEL_TRACES_SAMPLER` and its argument as OpenTelemetry names them; all spans when absent. */
function samplerOf(env: TracingSources['env']): Sampler {
  const name = env['OTEL_TRACES_SAMPLER'] ?? 'parentbased_always_on';
  const root = rootSamplerOf(name.replace('parentbased_', ''), env['OTEL_TRACES_SAMPLER_ARG']);
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

function rootSamplerOf(name: string, argument: string | undefined): Sampler {
  if (name === 'always_off') return new AlwaysOffSampler();
  if (name !== 'traceidratio') return new AlwaysOnSampler();
  const ratio = Number(argument ?? '1');
  return new TraceIdRatioBasedSampler(Number.isFinite(ratio) ? ratio : 1);
}

/** Spans that could not be sent are dropped; the log says so once, until some are sent again. */
function sayFailures(exporter: SpanExporter, log: Log): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const fails = result.code === ExportResultCode.FAILED;
        if (fails && !isFailing) log.warn({ err: result.error }, 'traces could not be sent');
        isFailing = fails;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
