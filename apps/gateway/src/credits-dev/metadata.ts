// Metadata of requests: comes back as it was sent.
import type { JsonObject } from '@bufbuild/protobuf';
import { invalidField } from '../faults/fault.ts';
import { inexactPath } from '../json/inexact-path.ts';

export type SentMetadata = Readonly<Record<string, unknown>> | null | undefined;

/** The metadata for the ledger. A number that cannot be kept exactly is refused. */
export function keptMetadata(metadata: Readonly<Record<string, unknown>>): JsonObject {
  const path = inexactPath(metadata, 'metadata');
  if (path !== undefined) throw invalidField(path, 'is a number that cannot be kept exactly');
  return metadata as JsonObject;
}

/**
 * Metadata with the fields of a request that are kept beside it; nothing when there is none. The
 * ledger would blame the metadata for the one character that such a field cannot have.
 */
export function metadataWith(
  metadata: SentMetadata,
  fields: Readonly<Record<string, string | null | undefined>>,
): { readonly metadata?: JsonObject } {
  for (const [field, value] of Object.entries(fields)) refuseUnkeepable(field, value);
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  const kept = { ...(metadata ? keptMetadata(metadata) : {}), ...Object.fromEntries(given) };
  return Object.keys(kept).length === 0 ? {} : { metadata: kept as JsonObject };
}

/** Of a field that is kept in the metadata: the ledger would refuse that and not name it. */
export function refuseUnkeepable(field: string, value: string | null | undefined): void {
  if (value?.includes('\0')) throw invalidField(field, 'contains the character U+0000');
}
