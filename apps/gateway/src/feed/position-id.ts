// Positions as ids of events: an EventSource keeps the last one it saw, and sends it back.
import type { FeedPosition } from '@scrip/contract';
import type { HistoryRequest } from '@scrip/client';
import { invalidField } from '../faults/fault.ts';
import { known } from '../known.ts';
import { isOfToken, type Credential } from './credential.ts';

type Start = NonNullable<HistoryRequest['start']>;

const numbered = /^(\d{1,20})(?:-(\d{1,20})-([\w-]{43}))?$/;
const sequenceMax = 2n ** 64n - 1n;

/**
 * A position as text: with an API key `<sequence>-<sealed sequence>-<chain hash, base64url>`, or
 * the sequence alone where nothing is proved; with an access token its cursor.
 */
export function toPositionId(position: FeedPosition | undefined): string {
  const { cursor, sequence, sealedSequence, chainHash } = known(position);
  if (cursor !== '') return cursor;
  if (chainHash.length === 0) return `${sequence}`;
  return `${sequence}-${sealedSequence}-${Buffer.from(chainHash).toString('base64url')}`;
}

/** The start behind the position that an id tells, in the form that who shows it is told. */
export function startAfter(id: string, credential: Credential): Start {
  const [, sequence, sealedSequence, chainHash] = numbered.exec(id) ?? [];
  if (isOfToken(credential)) {
    if (sequence === undefined) return { case: 'after', value: { cursor: id } };
    throw invalidField('Last-Event-ID', 'is of a stream with an API key, not an access token');
  }
  if (sequence === undefined) {
    const forms = '<sequence> or <sequence>-<sealed sequence>-<hash>';
    throw invalidField('Last-Event-ID', `must be an id of a stream with an API key: ${forms}`);
  }
  const last = readSequence('Last-Event-ID', sequence);
  if (sealedSequence === undefined || chainHash === undefined) {
    return { case: 'fromSequence', value: last === sequenceMax ? last : last + 1n };
  }
  const position = {
    sequence: last,
    sealedSequence: readSequence('Last-Event-ID', sealedSequence),
    chainHash: Uint8Array.from(Buffer.from(chainHash, 'base64url')),
  };
  return { case: 'after', value: position };
}

/** A sequence as text. Refuses what is none. */
export function readSequence(field: string, text: string): bigint {
  const sequence = /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
  if (sequence !== undefined && sequence <= sequenceMax) return sequence;
  throw invalidField(field, 'must be a whole number, 0 or more');
}
