// The examples of the README: its fenced blocks, each with what stands below it as its output.

/** A block that is run, with the output that the README promises. */
export type Example = {
  readonly heading: string;
  readonly language: 'bash' | 'js' | 'ts';
  readonly code: string;
  readonly output: { readonly language: 'json' | 'text'; readonly text: string } | undefined;
};

type Block = {
  readonly heading: string;
  readonly language: string;
  readonly text: string;
  /** Whether nothing but space stands between it and the block above. */
  readonly follows: boolean;
};

const fence = /^```(\w*)\n([^]*?)^```$/gm;
const runnable = ['bash', 'js', 'ts'];

/** The blocks of a language that is run; a `json` or `text` block right below is the output. */
export function readExamples(markdown: string): readonly Example[] {
  const blocks = readBlocks(markdown);
  return blocks.flatMap((block, index) => {
    if (!runnable.includes(block.language)) return [];
    const below = blocks[index + 1];
    const isOutput = below?.follows === true && /^(?:json|text)$/.test(below.language);
    const output = isOutput ? { language: below.language, text: below.text } : undefined;
    const { heading, language, text: code } = block;
    return [{ heading, language, code, output } as Example];
  });
}

function readBlocks(markdown: string): readonly Block[] {
  let end = 0;
  return [...markdown.matchAll(fence)].map((match) => {
    const [whole, language = '', text = ''] = match;
    const between = markdown.slice(end, match.index);
    end = match.index + whole.length;
    const heading = [...markdown.slice(0, match.index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '';
    return { heading, language, text, follows: between.trim() === '' };
  });
}
