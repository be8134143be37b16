// Finds the words that the dictionary refuses: in names, in texts and in the contract.
import { parseSync, Visitor } from 'vite';
import type { SourceFile } from './source-files.ts';
import { lineAt } from './source-files.ts';

/** A word of the last column of the dictionary, and the word that stands in its row. */
export type RefusedWord = { readonly word: string; readonly instead: string };

/** Reads the tables of the dictionary whose last column says what a thing is not called. */
export function readRefusedWords(dictionary: string): readonly RefusedWord[] {
  const rows = dictionary.matchAll(/^\| \*\*(.+?)\*\* \|.*\| *([^|]*?) *\|$/gm);
  return [...rows].flatMap(([, instead = '', refused = '']) =>
    // What a word may be called elsewhere, and what it is instead, is said in passing.
    refused
      .replaceAll(/\(.*?\)|:.*/g, '')
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '')
      .map((word) => ({ word, instead })),
  );
}

/** Lists the uses of refused words: `a.ts:3: walletId says wallet; the word is account`. */
export function findRefusedWords(
  file: SourceFile,
  words: readonly RefusedWord[],
): readonly string[] {
  return listTexts(file).flatMap(({ at, text }) => {
    const spoken = ` ${wordsOf(text).join(' ')} `;
    return words
      .filter(({ word }) => spoken.includes(` ${word} `) || spoken.includes(` ${word}s `))
      .map(({ word, instead }) => {
        const place = `${file.path}:${lineAt(file.text, at)}`;
        return `${place}: ${shorten(text)} says ${word}; the word is ${instead}`;
      });
  });
}

type Text = { readonly at: number; readonly text: string };

/** Names and texts of a program; of a contract all but its comments. */
function listTexts(file: SourceFile): readonly Text[] {
  if (file.path.endsWith('.proto')) {
    const code = file.text.replaceAll(/\/\/.*/g, (comment) => ' '.repeat(comment.length));
    return [...code.matchAll(/\w+/g)].map(({ 0: text, index: at }) => ({ at, text }));
  }
  const texts: Text[] = [];
  const visitor = new Visitor({
    Identifier: ({ start: at, name: text }) => void texts.push({ at, text }),
    Literal({ start: at, value }) {
      if (typeof value === 'string') texts.push({ at, text: value });
    },
    TemplateElement: ({ start: at, value: { raw: text } }) => void texts.push({ at, text }),
  });
  visitor.visit(parseSync(file.path, file.text).program);
  return texts;
}

/** `walletIdMax` and `WALLET_ID_MAX` alike are `wallet`, `id`, `max`. */
function wordsOf(text: string): readonly string[] {
  const apart = text.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ');
  return (apart.match(/[A-Za-z]+/g) ?? []).map((word) => word.toLowerCase());
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
