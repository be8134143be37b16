// Decimal texts and the bigints that the model counts in.

const form = /^(0|[1-9][0-9]{0,37})(?:\.([0-9]{1,18}))?$/;

/** The positive amount in the smallest parts of a unit; nothing for what the contract refuses. */
export function parseAmount(text: string, scale: number): bigint | undefined {
  const amount = parseDecimal(text, scale);
  return amount === undefined || amount === 0n ? undefined : amount;
}

/** As `parseAmount`, and takes zero. */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > scale) return undefined;
  return BigInt((match[1] ?? '') + fraction.padEnd(scale, '0'));
}

/** The one way in which an amount is written: no leading and no trailing zeros. */
export function formatAmount(amount: bigint, scale: number): string {
  const digits = amount.toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
