// What a field has to be in JSON, in words.
import {
  ScalarType,
  type DescEnum,
  type DescField,
  type DescMessage,
  type JsonValue,
} from '@bufbuild/protobuf';
import { refuse, refuseField, type Refusal } from '@scrip/kernel';

/** Fields that are amounts wherever they stand. */
const amountNames: ReadonlySet<string> = new Set(['amount', 'initial_balance', 'cap']);

/** Refuses a value, one of a list perhaps, that is not of the kind of its field. */
export function refuseKind(field: DescField, json: JsonValue, path: string): Refusal {
  if (amountNames.has(field.name) && field.scalar === ScalarType.STRING) {
    const message = `${path} must be a decimal number in quotes, such as "12.5".`;
    return refuse('AMOUNT_INVALID', message, { field: path });
  }
  return refuseField(path, `must be ${kindOf(field, json)}`);
}

/** Whether JSON has a form of its own for a message, so that it has no fields to look into. */
export function isReadAsOne({ typeName }: DescMessage): boolean {
  return typeName.startsWith('google.protobuf.');
}

function kindOf(field: DescField, json: JsonValue): string {
  if (field.message !== undefined) return messageKind(field.message, json);
  return field.enum === undefined ? scalarKind(field.scalar) : enumKind(field.enum);
}

function messageKind({ typeName }: DescMessage, json: JsonValue): string {
  switch (typeName) {
    case 'google.protobuf.Timestamp':
      return 'an instant, such as "2026-05-01T08:00:00Z"';
    case 'google.protobuf.Duration':
      return 'a duration in seconds, such as "60s"';
    case 'google.protobuf.FieldMask':
      return 'a text of field names with commas between them';
    default:
      return typeof json === 'object' && json !== null && !Array.isArray(json)
        ? 'an object with no name twice, and nested less deeply'
        : 'an object';
  }
}

/** More names than a sentence can hold are left to the contract. */
const namesMax = 10;

function enumKind({ name, values }: DescEnum): string {
  // The first one is what stands for none.
  const names = values.slice(1).map((value) => value.name);
  return names.length > namesMax
    ? `the name of an ${name}, such as ${names.slice(0, 1).join('')}`
    : `one of ${names.join(', ')}`;
}

function scalarKind(scalar: ScalarType | undefined): string {
  switch (scalar) {
    case ScalarType.STRING:
      return 'a text';
    case ScalarType.BOOL:
      return 'true or false';
    case ScalarType.BYTES:
      return 'base64';
    case ScalarType.UINT32:
    case ScalarType.UINT64:
      return 'a whole number, 0 or more';
    default:
      return 'a number';
  }
}
