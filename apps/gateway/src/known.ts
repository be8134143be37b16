// What the ledger always gives.

/** A part of an answer that the ledger always gives. */
export function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the ledger left out a part of its answer');
  return value;
}
