// Is a message well-formed? The annotations in the contract say so.
import type { DescMessage, Message } from '@bufbuild/protobuf';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { createValidator, type Violation } from '@bufbuild/protovalidate';
import { refuse, type Refusal } from '@scrip/kernel';

/** Why a message is malformed: a refusal that names the first field, and all that is wrong. */
export type Malformed = { readonly refusal: Refusal; readonly violations: readonly Violation[] };

/** Tells why a message is malformed, or nothing when it is well-formed. */
export type JudgeForm = (schema: DescMessage, message: Message) => Malformed | undefined;

/** Makes the judge of forms. It keeps what it learns about each kind of message. */
export function createJudgeForm(): JudgeForm {
  const validator = createValidator();
  return (schema, message) => {
    const result = validator.validate(schema, message);
    if (result.kind === 'error') throw result.error;
    if (result.kind === 'valid') return undefined;
    const { violations } = result;
    return { refusal: refusalOf(violations), violations };
  };
}

function refusalOf(violations: readonly Violation[]): Refusal {
  const [first] = violations;
  const field = first === undefined ? '' : pathToString(first.field);
  const message = violations
    .map((each) => `${pathToString(each.field)} ${problemOf(each)}`)
    .join('; ');
  return refuse('FIELD_INVALID', `${message}.`, { field });
}

/** What is not there is said to be required, whichever rule of the contract finds it missing. */
function problemOf({ field, message, ruleId }: Violation): string {
  const last = field.at(-1);
  if (last?.kind === 'oneof') {
    return `is required: ${last.fields.map(({ name }) => name).join(' or ')}`;
  }
  const isMissing =
    ruleId === 'required' ||
    ruleId === 'enum.not_in' ||
    message === 'must be at least 1 characters';
  return isMissing ? 'is required' : message;
}
