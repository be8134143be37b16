// What became of a command, told after it is durable.
import type { BookEvent, PersonalFields, Refusal, Sequence } from '@scrip/kernel';

/** The answer to a command. */
export type Outcome =
  | {
      /** `replayed` when the idempotency key, or the reversal, was accepted before. */
      readonly kind: 'accepted' | 'replayed';
      readonly event: BookEvent;
      /** The personal fields of the event's account, where the event is about an account. */
      readonly personal?: PersonalFields;
      /** The sequence of the event. */
      readonly sequence: Sequence;
    }
  | {
      /** There was nothing to do: see `BookDueMoves`. */
      readonly kind: 'unchanged';
      /** The last event so far. */
      readonly sequence: Sequence;
    }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      /** The last event before the refusal. */
      readonly sequence: Sequence;
    };

/** How the commands of one batch stand together. */
export type BatchMode =
  /** Each has its own fate; a refusal concerns nobody else. */
  | 'independent'
  /** All, with no other command's event between them, or none if one is refused. */
  | 'atomic';

/** The answer to one command of a batch. */
export type BatchOutcome =
  | Outcome
  | {
      /** In an atomic batch: another command was refused, so this one was not applied. */
      readonly kind: 'not_applied';
      /** The last event before the batch. */
      readonly sequence: Sequence;
    };
