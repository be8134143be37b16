// The form of a request: what is refused without a look at the book.
import type { PostRequest, Write } from '../history/call.ts';
import { parseAmount, parseDecimal } from './amount.ts';
import { spellRef } from './book.ts';
import { refusal, type Refusal } from './verdict.ts';

const scaleMax = 18;

/** Every fault of form that a request has; none for a request that may be judged. */
export function judgeForm({ method, request }: Write): readonly Refusal[] {
  switch (method) {
    case 'Credit':
    case 'Debit':
      return judgeAmount(request.amount);
    case 'PostTransaction':
      return judgeEntries(request);
    case 'CreateAccount':
      return request.initialBalance === undefined ||
        parseDecimal(request.initialBalance, scaleMax) !== undefined
        ? []
        : [refusal('AMOUNT_INVALID')];
    case 'ReverseTransaction':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
    case 'UpdateAccount':
      return [];
  }
}

function judgeAmount(amount: string): readonly Refusal[] {
  return parseAmount(amount, scaleMax) === undefined ? [refusal('AMOUNT_INVALID')] : [];
}

function judgeEntries({ entries }: PostRequest): readonly Refusal[] {
  const refs = new Set(entries.map(({ account }) => spellRef(account)));
  return [
    ...(entries.length < 2 ? [refusal('FIELD_INVALID')] : []),
    ...(refs.size < entries.length ? [refusal('ACCOUNT_REPEATED')] : []),
    ...entries.flatMap(({ amount }) => judgeAmount(amount)),
    ...(isBalanced(entries) ? [] : [refusal('ENTRIES_UNBALANCED')]),
  ];
}

function isBalanced(entries: PostRequest['entries']): boolean {
  let sum = 0n;
  for (const { side, amount } of entries) {
    const value = parseDecimal(amount, scaleMax) ?? 0n;
    sum += side === 'ENTRY_SIDE_CREDIT' ? value : -value;
  }
  return sum === 0n;
}
