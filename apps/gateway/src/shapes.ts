// The shapes that façades have in common, as JSON Schema.
import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';

export const text = (description: string) => Type.String({ description });
export const instant = (description: string) => Type.String({ format: 'date-time', description });
/** A field of an answer that is always there. */
export const nullable = <Value>(type: string, description: string) =>
  Type.Unsafe<Value | null>({ type: [type, 'null'], description });
/** A field of a request that may be null as well as left out. */
export const optional = <Value>(type: string, schema: Readonly<Record<string, unknown>>) =>
  Type.Optional(Type.Unsafe<Value | null>({ ...schema, type: [type, 'null'] }));

/** A schema by its name, so that the document shows it once. */
export function refer<Schema extends TSchema>(schema: Schema & { readonly $id?: string }) {
  return Type.Unsafe<Static<Schema>>({ $ref: `${schema.$id}#` });
}
