// Colours that can be told apart, by the measure of WCAG 2.2: text 4.5 to 1, the edge of a field 3.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const sheet = readFileSync(new URL('style.css', import.meta.url), 'utf8');
const schemes = ['light', 'dark'] as const;

describe.each(schemes)('the colours of the %s page', (scheme) => {
  const contrast = (one: string, other: string): number => {
    const [darker = 0, lighter = 0] = [one, other]
      .map((name) => luminanceOf(colourOf(name, scheme)))
      .toSorted((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  };

  it.each(['ink', 'soft', 'accent', 'good', 'wait', 'bad'])('can be read in %s', (text) => {
    for (const ground of ['paper', 'card', 'tint']) {
      expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('can be read on the button that is first', () => {
    expect(contrast('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5);
  });

  it('show where a field begins', () => {
    for (const ground of ['paper', 'card']) {
      expect(contrast('edge', ground)).toBeGreaterThanOrEqual(3);
    }
  });
});

function colourOf(name: string, scheme: (typeof schemes)[number]): string {
  const pair = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\);`).exec(sheet);
  const colour = pair?.[scheme === 'light' ? 1 : 2];
  if (colour === undefined) throw new Error(`there is no colour ${name}`);
  return colour;
}

function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
