// Requests of access tokens name no sequence: the answer would tell how far the book has come.
import type { DescMessage, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { refuseField } from '@scrip/kernel';
import { RefusalError } from '../errors/refusal-error.ts';

const sequenceFields: readonly string[] = ['min_sequence', 'at_sequence', 'from_sequence'];

/** Refuses a request that names a sequence: `FIELD_INVALID`. */
export function refuseSequences(desc: DescMessage, request: Message): void {
  const message = reflect(desc, request);
  const named = message.fields.find(
    (field) => sequenceFields.includes(field.name) && message.isSet(field),
  );
  if (named === undefined) return;
  throw new RefusalError(refuseField(named.name, 'cannot be given with an access token'));
}
