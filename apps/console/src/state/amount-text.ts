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
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: unitScale <= paddedScaleMax ? unitScale : 0,
    maximumFractionDigits: unitScale,
  });
  const parts = format.formatToParts(amount as Intl.StringNumericLiteral);
  return parts.map(({ type, value }) => ({
    text: value,
    endsGroup: type === 'group' || type === 'decimal',
  }));
}
