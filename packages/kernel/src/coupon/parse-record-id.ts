// Ids of records as callers give them: whether there is such a record is the decision's business.
import { parsed, type Parsed } from '../value/refusal.ts';
import { parseText } from '../value/text.ts';

/** Checks the id of a record. A UUID may be written with capital letters. */
export function parseRecordId(unchecked: string, field: string): Parsed<string> {
  const id = parseText(unchecked, { field, lengthMax: 255 });
  return id.kind === 'refused' ? id : parsed(id.value.toLowerCase());
}

/** Checks the id of a record that may be absent. */
export function parseOptionalRecordId(
  unchecked: string | undefined,
  field: string,
): Parsed<string | undefined> {
  return unchecked === undefined ? parsed(undefined) : parseRecordId(unchecked, field);
}
