// A refusal by form that names every wrong field. The validator ends at the first one, so that a
// body of a thousand wrong elements costs no more than one: here each field is judged by itself,
// and what is told of each is its first problem.
import type { FastifyError, FastifyRequest } from 'fastify';

type Violations = NonNullable<FastifyError['validation']>;

/** A schema of fields, as far as it matters here. */
type Fields = {
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
};

/** Each field of a schema as a schema of its own. They are made once, since each is compiled. */
const partsBySchema = new WeakMap<Fields, readonly object[]>();

/** Adds what is wrong with the other fields of a body or query; leaves all other errors alone. */
export function nameAllWrongFields(
  error: Partial<FastifyError>,
  request: Pick<FastifyRequest, 'body' | 'query' | 'routeOptions' | 'compileValidationSchema'>,
): void {
  const { validation, validationContext } = error;
  if (validation === undefined) return;
  const { body, querystring } = request.routeOptions.schema ?? {};
  if (validationContext === 'body') error.validation = allOf(validation, request.body, body);
  if (validationContext === 'querystring') {
    error.validation = allOf(validation, request.query, querystring);
  }

  function allOf(first: Violations, sent: unknown, schema: unknown): Violations {
    const isOfFields = typeof sent === 'object' && sent !== null && !Array.isArray(sent);
    if (!isOfFields) return first;
    const others = partsOf(schema as Fields).flatMap((part) => {
      const validate = request.compileValidationSchema(part);
      return validate(sent) === true ? [] : (validate.errors ?? []);
    });
    return [...first, ...(others as Violations).filter((other) => !isIn(first, other))];
  }
}

function partsOf(schema: Fields): readonly object[] {
  const known = partsBySchema.get(schema);
  if (known !== undefined) return known;
  const { properties, required = [] } = schema;
  const parts = Object.entries(properties).map(([name, field]) => ({
    type: 'object',
    properties: { [name]: field },
    required: required.filter((each) => each === name),
  }));
  partsBySchema.set(schema, parts);
  return parts;
}

function isIn(violations: Violations, { instancePath, keyword, params }: Violations[number]) {
  return violations.some(
    (each) =>
      each.instancePath === instancePath &&
      each.keyword === keyword &&
      each.params['missingProperty'] === params['missingProperty'],
  );
}
