// Where JSON is not the message that it should be, in words for whoever wrote it.
import {
  fromJson,
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf';
import { refuse, refuseField, type Refusal } from '@scrip/kernel';
import { isReadAsOne, refuseKind } from './json-words.ts';

/** Unknown names are faults: one with a slip of the pen would otherwise be lost without a word. */
export const strictly = { ignoreUnknownFields: false } as const;

/** The refusal of a text that is no message: it names the first field at fault by its path. */
export function findJsonFault(schema: DescMessage, text: string): Refusal {
  const json = parse(text);
  if (json.kind === 'fault') return refuse('FIELD_INVALID', json.sentence);
  const fault = faultIn(schema, json.value, '');
  return fault ?? refuse('FIELD_INVALID', 'The message has a name twice, or is nested too deeply.');
}

type Parsed =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'fault'; readonly sentence: string };

function parse(text: string): Parsed {
  try {
    return { kind: 'value', value: JSON.parse(text) as JsonValue };
  } catch (thrown) {
    // The rest of what the engine says repeats the caller's text.
    const at = /at position \d+/.exec(String(thrown))?.[0] ?? 'at its end';
    return { kind: 'fault', sentence: `The message is not JSON: it goes wrong ${at}.` };
  }
}

function faultIn(schema: DescMessage, json: JsonValue, path: string): Refusal | undefined {
  if (isReadable(schema, json)) return undefined;
  if (!isObject(json)) {
    return path === ''
      ? refuse('FIELD_INVALID', 'The message must be a JSON object.')
      : refuseField(path, 'must be an object');
  }
  for (const [key, value] of Object.entries(json)) {
    const field = schema.fields.find(({ name, jsonName }) => name === key || jsonName === key);
    if (field === undefined) return ofUnknown(key, path);
    const fault = isReadable(schema, { [key]: value })
      ? undefined
      : faultOf(field, value, join(path, field.name));
    if (fault !== undefined) return fault;
  }
  return ofRepetition(schema, json, path);
}

/** The fault of a field by its kind: within it where it has an inside, else the field itself. */
function faultOf(field: DescField, json: JsonValue, path: string): Refusal {
  if (field.fieldKind !== 'list') return faultOfOne(field, json, path);
  if (!Array.isArray(json)) return refuseField(path, 'must be a list');
  const { parent, name } = field;
  const index = json.findIndex((item) => !isReadable(parent, { [name]: [item] }));
  if (index < 0) return refuseField(path, 'is not readable');
  return faultOfOne(field, json[index] ?? null, `${path}[${index}]`);
}

function faultOfOne(field: DescField, json: JsonValue, path: string): Refusal {
  const hasInside = field.message !== undefined && !isReadAsOne(field.message);
  const inside = hasInside ? faultIn(field.message, json, path) : undefined;
  return inside ?? refuseKind(field, json, path);
}

/** A key goes back only as far as it can be a name. */
function ofUnknown(key: string, path: string): Refusal {
  if (!/^\w{1,64}$/.test(key)) {
    const where = path === '' ? 'The message' : path;
    const message = `${where} has a field that the contract does not know.`;
    return refuse('FIELD_INVALID', message, path === '' ? {} : { field: path });
  }
  return refuseField(join(path, key), 'is no field of this request');
}

/** What is left where each field is well by itself: two of which only one may be there. */
function ofRepetition(schema: DescMessage, json: JsonObject, path: string): Refusal | undefined {
  const given = (name: string, jsonName: string): boolean =>
    (json[name] ?? json[jsonName] ?? null) !== null;
  for (const { name, fields } of schema.oneofs) {
    const both = fields.filter((each) => given(each.name, each.jsonName));
    if (both.length > 1) {
      const names = both.map((each) => each.name).join(' and ');
      return refuseField(join(path, name), `is there as ${names}, and may be only one of them`);
    }
  }
  return undefined;
}

function isReadable(schema: DescMessage, json: JsonValue): boolean {
  try {
    fromJson(schema, json, strictly);
    return true;
  } catch {
    return false;
  }
}

function isObject(json: JsonValue): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
