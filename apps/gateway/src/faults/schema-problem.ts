// Says in plain words what a schema demands of a value that it refused.
import { problemsByPattern } from '../text-patterns.ts';

/** What the validator tells when it is `verbose`. */
type Refused = {
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema?: unknown;
};

type Demands = {
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
};

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  null: 'null',
};

/** The problem as the rest of a sentence that begins with the field: `must be a text`. */
export function problemOf({ keyword, params, parentSchema }: Refused): string {
  const demands = (parentSchema ?? {}) as Demands;
  switch (keyword) {
    case 'type':
    case 'minimum':
    case 'maximum':
      return `must be ${typeOf(demands)}`;
    case 'minLength':
    case 'maxLength':
      return lengthOf(demands);
    case 'minItems':
    case 'maxItems':
      return `must have ${rangeOf(demands.minItems, demands.maxItems)} elements`;
    case 'uniqueItems':
      return 'must not have an element twice';
    case 'enum':
      return `must be ${alternatives(params['allowedValues'])}`;
    case 'pattern':
      return problemsByPattern.get(params['pattern']) ?? 'does not have the right form';
    default:
      return 'is not valid';
  }
}

function typeOf({ type, minimum, maximum }: Demands): string {
  const types = typeof type === 'string' ? [type] : (type ?? []);
  const isRange = minimum !== undefined || maximum !== undefined;
  const names = types.map((each) => {
    const name = typeNames[each] ?? each;
    const isNumber = each === 'integer' || each === 'number';
    return isRange && isNumber ? `${name}${rangeOf(minimum, maximum, ' from ')}` : name;
  });
  return names.join(' or ');
}

function lengthOf({ minLength, maxLength }: Demands): string {
  if (maxLength === undefined && minLength === 1) return 'must not be empty';
  return `must have ${rangeOf(minLength, maxLength)} characters`;
}

function rangeOf(least: number | undefined, most: number | undefined, from = ''): string {
  if (most === undefined) return `${from && ' of '}${least} or more`;
  if (least === undefined) return `${from && ' of '}at most ${most}`;
  return `${from}${least} to ${most}`;
}

function alternatives(values: unknown): string {
  return Array.isArray(values) ? values.map(String).join(' or ') : 'another value';
}
