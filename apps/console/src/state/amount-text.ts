// Amounts as people read them: grouped for the reader's language, and exact to the last digit.

/** A piece of an amount; a line may be broken behind a separator. */
export type AmountPiece = { readonly text: string; readonly endsGroup: boolean };

/** Fraction digits up to which amounts of a unit are padded, so that they stand in columns. */
const paddedScaleMax = 4;

/** Groups a decimal string of any length. Never passes through a floating-point number. */
export function groupAmount(
  amount: string,
  unitScale: number,
  locale?: string,
): readonly AmountPiece[] {
  const parts = formatOf(unitScale, locale).formatToParts(amount as Intl.StringNumericLiteral);
  return parts.map(({ type, value }) => ({
    text: value,
    endsGroup: type === 'group' || type === 'decimal',
  }));
}

const formatsByKey = new Map<string, Intl.NumberFormat>();

/** Made once: to make a format takes many times as long as to use it, and a page has thousands. */
function formatOf(unitScale: number, locale: string | undefined): Intl.NumberFormat {
  const key = `${unitScale} ${locale}`;
  const format =
    formatsByKey.get(key) ??
    new Intl.NumberFormat(locale, {
      minimumFractionDigits: unitScale <= paddedScaleMax ? unitScale : 0,
      maximumFractionDigits: unitScale,
    });
  formatsByKey.set(key, format);
  return format;
}
