// Which questions are asked together, and who is told what became of them.
import { JournalError, type Book } from '@scrip/engine';
import { describe, expect, it } from 'vitest';
import { createGather } from './gather.ts';

const book = { id: 1 } as Book;
const other = { id: 2 } as Book;

/** A gather whose statements end when the test says so. */
function gather() {
  const statements: {
    readonly bookId: number;
    readonly questions: readonly string[];
    readonly end: (error?: Error) => void;
  }[] = [];
  const ask = createGather<string, string>(
    ({ id: bookId }, questions) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error): void =>
          error === undefined ? resolve(questions.map((each) => `${each}!`)) : reject(error);
        statements.push({ bookId, questions, end });
      }),
  );
  const asked = () => statements.map(({ questions }) => questions.join(''));
  const settle = (questions: string, of = book) =>
    Promise.allSettled(Array.from(questions, (question) => ask(of, question)));
  return {
    ask,
    asked,
    settle,
    statements,
    end: (at: number, error?: Error) => statements[at]?.end(error),
  };
}

const answered = (...values: string[]) => values.map((value) => ({ status: 'fulfilled', value }));
const failed = (reason: unknown) => ({ status: 'rejected', reason });
const faulty = (fault: JournalError['fault']) =>
  new JournalError('not_committed', fault, { cause: undefined });

describe('questions about a book', () => {
  it('are one statement when they come in the same turn, and each has its answer', async () => {
    const { settle, asked, end } = gather();
    const answers = settle('abc');
    await expect.poll(asked).toEqual(['abc']);
    end(0);
    expect(await answers).toEqual(answered('a!', 'b!', 'c!'));
  });

  it('that come later are never put into a statement that has begun', async () => {
    const { settle, asked, end } = gather();
    const first = settle('a');
    await expect.poll(asked).toEqual(['a']);
    const second = settle('b');
    await expect.poll(asked).toEqual(['a', 'b']);
    end(1);
    expect(await second).toEqual(answered('b!'));
    end(0);
    expect(await first).toEqual(answered('a!'));
  });

  it('wait together while two statements are under way', async () => {
    const { settle, asked, end } = gather();
    void settle('a');
    await expect.poll(asked).toEqual(['a']);
    void settle('b');
    await expect.poll(asked).toEqual(['a', 'b']);
    const third = settle('cd');
    const fourth = settle('e');
    await passTurns();
    expect(asked()).toEqual(['a', 'b']);
    end(0);
    await expect.poll(asked).toEqual(['a', 'b', 'cde']);
    end(2);
    expect(await third).toEqual(answered('c!', 'd!'));
    expect(await fourth).toEqual(answered('e!'));
  });

  it('are at most 256 a statement', async () => {
    const { settle, statements, end } = gather();
    const answers = settle('x'.repeat(600));
    const counts = () => statements.map(({ questions }) => questions.length);
    await expect.poll(counts).toEqual([256, 256]);
    end(1);
    await expect.poll(counts).toEqual([256, 256, 88]);
    end(0);
    end(2);
    expect(await answers).toEqual(answered(...Array.from({ length: 600 }, () => 'x!')));
  });

  it('do not wait for those about another book', async () => {
    const { settle, statements } = gather();
    void settle('a');
    await expect.poll(() => statements.length).toBe(1);
    void settle('b');
    await expect.poll(() => statements.length).toBe(2);
    void settle('c');
    void settle('d', other);
    await expect.poll(() => statements.at(-1)).toMatchObject({ bookId: 2, questions: ['d'] });
  });
});

describe('what goes wrong', () => {
  it('with one question is told to it alone', async () => {
    const { settle, asked, end } = gather();
    const answers = settle('abc');
    await expect.poll(asked).toEqual(['abc']);
    const error = faulty('content');
    end(0, error);
    for (const [at, is] of ['a', 'b', 'c'].entries()) {
      await expect.poll(asked).toHaveLength(at + 2);
      expect(asked().at(-1)).toBe(is);
      end(at + 1, is === 'b' ? error : undefined);
    }
    const [a, c] = answered('a!', 'c!');
    expect(await answers).toEqual([a, failed(error), c]);
  });

  it.each(['unavailable', 'collision'] as const)(
    'with the server is told to all of a statement at once: %s',
    async (fault) => {
      const { settle, asked, end } = gather();
      const answers = settle('ab');
      await expect.poll(asked).toEqual(['ab']);
      const error = faulty(fault);
      end(0, error);
      expect(await answers).toEqual([failed(error), failed(error)]);
      expect(asked()).toEqual(['ab']);
    },
  );

  it('ends nothing: those who wait are asked', async () => {
    const { settle, asked, end } = gather();
    const first = settle('a');
    await expect.poll(asked).toEqual(['a']);
    const second = settle('b');
    await expect.poll(asked).toEqual(['a', 'b']);
    const third = settle('c');
    end(0, faulty('unavailable'));
    end(1, new Error('a bug'));
    await expect.poll(asked).toEqual(['a', 'b', 'c']);
    end(2);
    expect(await third).toEqual(answered('c!'));
    expect((await first)[0]?.status).toBe('rejected');
    expect((await second)[0]?.status).toBe('rejected');
  });
});

async function passTurns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
