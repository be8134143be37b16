// Finds the calls that bring in time and chance from outside, by parsing.
import type { ESTree } from 'vite';
import { parseSync, Visitor } from 'vite';
import type { SourceFile } from './source-files.ts';
import { lineAt } from './source-files.ts';

const bannedMembers = ['Date.now', 'Math.random', 'crypto.randomUUID', 'performance.now'];
const bannedNames = ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues'];

/** Lists the uses of the clock and of chance: `a.ts:3: Date.now is for the runtime alone`. */
export function findClockAndChance(file: SourceFile): readonly string[] {
  const found: string[] = [];
  const add = (at: number, word: string): void => {
    found.push(
      `${file.path}:${lineAt(file.text, at)}: ${word} is for the runtime alone; pass it in`,
    );
  };
  const visitor = new Visitor({
    MemberExpression(node) {
      const word = memberText(node);
      if (word !== undefined && bannedMembers.includes(word)) add(node.start, word);
    },
    ImportSpecifier({ start, imported }) {
      const name = imported.type === 'Identifier' ? imported.name : imported.value;
      if (bannedNames.includes(name)) add(start, name);
    },
    NewExpression({ start, callee, arguments: passed }) {
      const isDate = callee.type === 'Identifier' && callee.name === 'Date';
      if (isDate && passed.length === 0) add(start, 'new Date()');
    },
  });
  visitor.visit(parseSync(file.path, file.text).program);
  return found;
}

function memberText({ object, property }: ESTree.MemberExpression): string | undefined {
  if (object.type !== 'Identifier' || property.type !== 'Identifier') return undefined;
  return `${object.name}.${property.name}`;
}
