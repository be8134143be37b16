// The answers to a large batch, held until the next one is on its way to the database. They are
// given while that writes, when there is nothing else to do.
import { heldAnswersMsMax, largeBatchCommandCount } from './limits.ts';

/** Holds the answers to one batch at most. */
export interface HeldAnswers {
  /** Commands whose answers are held. */
  commandCount(): number;
  /** Holds answers until they are to be given, for a moment at most. Those to few go at once. */
  hold(commandCount: number, give: () => void): void;
  /** Gives what is held. */
  give(): void;
  /** Gives what is held when what was just written has left. */
  giveSoon(): void;
}

/** Makes what holds nothing yet. */
export function createHeldAnswers(): HeldAnswers {
  let held: { readonly commandCount: number; readonly give: () => void } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const give = (): void => {
    const given = held;
    held = undefined;
    clearTimeout(timer);
    given?.give();
  };
  return {
    commandCount: () => held?.commandCount ?? 0,
    hold: (commandCount, giveAll) => {
      give();
      held = { commandCount, give: giveAll };
      if (commandCount < largeBatchCommandCount) give();
      // Another writer may have the lock that the next batch waits for.
      else timer = setTimeout(give, heldAnswersMsMax);
    },
    give,
    giveSoon: () => {
      if (held !== undefined) setImmediate(give);
    },
  };
}
