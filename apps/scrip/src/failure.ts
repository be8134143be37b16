// One line for what went wrong.

import { JournalError } from '@scrip/engine';
import { type Address, formatAddress, OperatorError } from '@scrip/runtime';

export type Failure = {
  readonly line: string;
  /** Whether the line says all; otherwise it is a bug, and the log has the rest. */
  readonly expected: boolean;
  readonly exitCode: 1 | 2;
};

/** Tells what whoever runs the command can mend from a bug. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof OperatorError) {
    return { line: error.message, expected: true, exitCode: error.exitCode };
  }
  // What the database refuses as wrong is a bug of ours; the rest is for its operator.
  if (error instanceof JournalError && error.fault !== 'content') {
    const cause = firstCauseOf(error);
    const line = `the database did not do it: ${reasonOf(cause)}`;
    if (!isBug(cause)) return { line, expected: true, exitCode: 1 };
  }
  const text = error instanceof Error ? error.message : String(error);
  const line = `this should not have happened: ${text.split('\n', 1)[0]}`;
  return { line, expected: false, exitCode: 1 };
}

function firstCauseOf(error: Error): Error {
  return error.cause instanceof Error ? firstCauseOf(error.cause) : error;
}

/** Where each of several addresses failed, there is but a code. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return error.message.split('\n', 1)[0] || (error.code ?? 'it gave no reason');
}

function isBug(error: Error): boolean {
  return [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
}

/** Listens, and gives the failures of it the name of the setting. */
export async function listenAs(
  setting: string,
  address: Address,
  listen: (address: Address) => Promise<Address>,
): Promise<Address> {
  try {
    return await listen(address);
  } catch (error) {
    const reason = reasons.get((error as NodeJS.ErrnoException).code ?? '');
    if (reason === undefined) throw error;
    throw new OperatorError(`${setting}: ${formatAddress(address)} ${reason}`);
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'is in use by another process'],
  ['EADDRNOTAVAIL', 'is not an address of this machine'],
  ['EACCES', 'may not be used by this user'],
  ['ENOTFOUND', 'has a host name that is not known'],
]);
