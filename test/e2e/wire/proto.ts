// The contract read from its .proto files by proto-loader, apart from the generated code, so that
// these tests would notice if the two differed.

import { fileURLToPath } from 'node:url';
import { type MethodDefinition, type ServiceDefinition, loadSync } from '@grpc/proto-loader';
import type { Json, JsonObject } from './caller.ts';

type Method = MethodDefinition<object, object>;
type Instant = { readonly seconds?: string; readonly nanos?: number };
type Value = { readonly [kind: string]: unknown };

const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const definitions = loadSync(
  ['scrip/ledger/v1/ledger_service.proto', 'grpc/health/v1/health.proto', 'error-details.proto'],
  {
    includeDirs: ['proto', 'proto/vendor', 'test/e2e/wire'].map(fromRoot),
    longs: String,
    enums: String,
    bytes: String,
  },
);

/** A service's methods by name, for a generic gRPC client. */
export function serviceOf(name: string): ServiceDefinition {
  return definitions[name] as ServiceDefinition;
}

/** The method of the ledger: its path and how its messages become bytes. */
export function methodOf(name: string): Method {
  return methodIn('scrip.ledger.v1.LedgerService', name);
}

/** A request in JSON form as proto-loader takes it: instants and metadata in their wire shape. */
export function toMessage(request: JsonObject): object {
  return Object.fromEntries(
    Object.entries(request).map(([key, value]) => [key, fieldToMessage(key, value)]),
  );
}

/** A message of proto-loader in the JSON form of the contract; absent fields are left out. */
export function toJson(message: object): JsonObject {
  return Object.fromEntries(
    Object.entries(message).flatMap(([key, value]: [string, unknown]) => {
      const json = valueToJson(key, value);
      return json === undefined ? [] : [[key, json]];
    }),
  );
}

/** The ledger's detail in `grpc-status-details-bin`. */
export function decodeErrorDetail(statusBytes: Buffer): JsonObject {
  const status = decode('Status', statusBytes) as {
    readonly details?: readonly { readonly type_url: string; readonly value: Buffer | string }[];
  };
  const [detail] = status.details ?? [];
  return detail === undefined ? {} : decodeDetail(Buffer.from(detail.value as string, 'base64'));
}

/** The bytes of a `scrip.ledger.v1.ErrorDetail` in JSON form. */
export function decodeDetail(bytes: Buffer): JsonObject {
  return toJson(decode('Detail', bytes));
}

function decode(carried: string, bytes: Buffer): object {
  return methodIn('scrip.test.Carrier', carried).responseDeserialize(bytes);
}

function methodIn(service: string, name: string): Method {
  const method = serviceOf(service)[name];
  if (method === undefined) throw new Error(`${service} has no method ${name}`);
  return method;
}

function fieldToMessage(key: string, value: Json): unknown {
  if (key === 'metadata') return { fields: toFields(value as JsonObject) };
  if (key === 'at' || key.startsWith('created')) return toInstant(value as string);
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item) =>
      item !== null && typeof item === 'object' ? toMessage(item as JsonObject) : item,
    );
  }
  return value !== null && typeof value === 'object' ? toMessage(value as JsonObject) : value;
}

function toInstant(text: string): Instant {
  const ms = Date.parse(text);
  return { seconds: String(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}

function toFields(values: JsonObject): object {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, toValue(value)]));
}

function toValue(value: Json): object {
  if (value === null) return { nullValue: 'NULL_VALUE' };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: (value as Json[]).map(toValue) } };
  return { structValue: { fields: toFields(value as JsonObject) } };
}

function valueToJson(key: string, value: unknown): Json | undefined {
  if (Array.isArray(value)) {
    const items = (value as unknown[]).map((item) => valueToJson(key, item) ?? {});
    return items.length === 0 ? undefined : items;
  }
  if (value === null || typeof value !== 'object') return value as Json | undefined;
  if ('seconds' in value || 'nanos' in value) return fromInstant(value as Instant);
  if ('fields' in value) return fromFields(value.fields as object);
  if (key === 'metadata' && Object.keys(value).length === 0) return undefined;
  return toJson(value);
}

function fromInstant({ seconds = '0', nanos = 0 }: Instant): string {
  return new Date(Number(seconds) * 1000 + nanos / 1_000_000).toISOString();
}

function fromFields(fields: object): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]: [string, Value]) => [key, fromValue(value)]),
  );
}

function fromValue(value: Value): Json {
  if ('listValue' in value) {
    return ((value['listValue'] as { readonly values?: Value[] }).values ?? []).map(fromValue);
  }
  if ('structValue' in value) {
    return fromFields((value['structValue'] as { readonly fields?: object }).fields ?? {});
  }
  const [scalar = null] = Object.values(value) as readonly Json[];
  return 'nullValue' in value ? null : scalar;
}
