// The answers to a large batch, held until the next one is with the database: some of them until it
// waits for its lock, most until it is written. Then there is nothing else to do.
import { firstAnswersShare, heldAnswersMsMax, largeBatchCommandCount } from './limits.ts';

/** A batch that was committed, and those who are to be told of it. */
interface CommittedAnswers {
  readonly commandCount: number;
  readonly callerCount: number;
  answer(callerIndex: number): void;
  /** Tells the feed, behind all callers. */
  tellFeed(): void;
}

/** Holds the answers to one batch at most. */
export interface HeldAnswers {
  /** Commands of the batch whose answers are held. */
  commandCount(): number;
  /** Holds answers until they are to be given, for a moment at most. Those to few go at once. */
  hold(answers: CommittedAnswers): void;
  /** Gives what is held. */
  give(): void;
  /** Gives a first part of what is held, when what was just sent has left. */
  giveFirstSoon(): void;
  /** Gives what is held, when what was just sent has left. */
  giveSoon(): void;
}

/** Makes what holds nothing yet. */
export function createHeldAnswers(): HeldAnswers {
  let held: CommittedAnswers | undefined;
  let answeredCount = 0;
  let timer: NodeJS.Timeout | undefined;
  const answerUpTo = (answers: CommittedAnswers, count: number): void => {
    while (answeredCount < count) answers.answer(answeredCount++);
  };
  const giveFirst = (): void => {
    if (held !== undefined) answerUpTo(held, Math.floor(held.callerCount * firstAnswersShare));
  };
  const give = (): void => {
    const given = held;
    if (given === undefined) return;
    held = undefined;
    clearTimeout(timer);
    answerUpTo(given, given.callerCount);
    given.tellFeed();
  };
  return {
    commandCount: () => held?.commandCount ?? 0,
    hold: (answers) => {
      give();
      held = answers;
      answeredCount = 0;
      if (answers.commandCount < largeBatchCommandCount) give();
      // Another writer may have the lock that the next batch waits for.
      else timer = setTimeout(give, heldAnswersMsMax);
    },
    give,
    giveFirstSoon: () => {
      if (held !== undefined) setImmediate(giveFirst);
    },
    giveSoon: () => {
      if (held !== undefined) setImmediate(give);
    },
  };
}
