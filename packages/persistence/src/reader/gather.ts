// Questions about one book that are asked at the same time are answered by one statement: beside
// its probes, a statement costs the server and this process many times what an account does.
import { JournalError, type Book } from '@scrip/engine';

/** Answers one question. */
export type Ask<Question, Answer> = (book: Book, question: Question) => Promise<Answer>;

/** Answers questions with one statement, in their order. */
export type AskAll<Question, Answer> = (
  book: Book,
  questions: readonly Question[],
) => Promise<readonly Answer[]>;

/** A few milliseconds of work: longer ones would keep those who came first waiting. */
const questionCountMax = 256;
/** While one is read, the answers of the other are made. */
const statementCountMax = 2;

interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface Waiting<Question, Answer> {
  readonly asked: Asked<Question, Answer>[];
  statementCount: number;
  isCalled: boolean;
}

/**
 * Gathers questions by book. Each is asked by a statement that begins after it came: what was
 * committed before is seen. A lone one goes at once; more wait while two statements are under way.
 * What is wrong with one question is told to it alone.
 */
export function createGather<Question, Answer>(
  askAll: AskAll<Question, Answer>,
): Ask<Question, Answer> {
  const waitingByBookId = new Map<number, Waiting<Question, Answer>>();
  const waitingFor = (book: Book): Waiting<Question, Answer> => {
    const known = waitingByBookId.get(book.id);
    if (known !== undefined) return known;
    const waiting = { asked: [], statementCount: 0, isCalled: false };
    waitingByBookId.set(book.id, waiting);
    return waiting;
  };
  const call = (book: Book, waiting: Waiting<Question, Answer>): void => {
    if (waiting.isCalled || waiting.statementCount === statementCountMax) return;
    waiting.isCalled = true;
    // After all that has arrived by now was taken in.
    setImmediate(() => {
      waiting.isCalled = false;
      void send(book, waiting);
    });
  };
  const send = async (book: Book, waiting: Waiting<Question, Answer>): Promise<void> => {
    const asked = waiting.asked.splice(0, questionCountMax);
    waiting.statementCount += 1;
    if (waiting.asked.length > 0) call(book, waiting);
    await answerThem(askAll, book, asked);
    waiting.statementCount -= 1;
    if (waiting.asked.length > 0) call(book, waiting);
    else if (waiting.statementCount === 0 && !waiting.isCalled) waitingByBookId.delete(book.id);
  };
  return (book, question) =>
    new Promise((resolve, reject) => {
      const waiting = waitingFor(book);
      waiting.asked.push({ question, resolve, reject });
      call(book, waiting);
    });
}

async function answerThem<Question, Answer>(
  askAll: AskAll<Question, Answer>,
  book: Book,
  asked: readonly Asked<Question, Answer>[],
): Promise<void> {
  try {
    const questions = asked.map(({ question }) => question);
    const answers = await askAll(book, questions);
    for (const [index, { resolve }] of asked.entries()) resolve(answers[index] as Answer);
  } catch (error) {
    if (asked.length > 1 && isOfOne(error)) {
      for (const each of asked) await answerThem(askAll, book, [each]);
      return;
    }
    for (const { reject } of asked) reject(error);
  }
}

/** A value that PostgreSQL does not take is that of one question, and fails them all. */
function isOfOne(error: unknown): boolean {
  return error instanceof JournalError && error.fault === 'content';
}
