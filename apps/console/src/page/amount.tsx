// An amount with its groups. A long one breaks behind its separators.
import { groupAmount } from '../state/amount-text.ts';

export type AmountProps = {
  readonly amount: string;
  readonly unitScale: number;
  readonly sign?: '+' | '−';
};

/** Digits from which an amount may be broken into several lines. */
const longLength = 18;

export function Amount({ amount, unitScale, sign }: AmountProps) {
  const pieces = groupAmount(amount, unitScale);
  const isLong = amount.length > longLength;
  return (
    <data class={isLong ? 'amount long' : 'amount'} value={sign === '−' ? `-${amount}` : amount}>
      {sign}
      {pieces.map(({ text, endsGroup }) => (isLong && endsGroup ? [text, <wbr />] : text))}
    </data>
  );
}
