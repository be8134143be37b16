// An amount with its groups. A long one breaks between groups, never inside of one.
import { groupAmount } from './amount-text.ts';

export type AmountProps = {
  readonly amount: string;
  readonly unitScale: number;
  readonly sign?: '+' | '−';
};

export function Amount({ amount, unitScale, sign }: AmountProps) {
  const pieces = groupAmount(amount, unitScale);
  return (
    <data class="amount" value={sign === '−' ? `-${amount}` : amount}>
      {sign}
      {pieces.map(({ text, endsGroup }) => (endsGroup ? [text, <wbr />] : text))}
    </data>
  );
}
