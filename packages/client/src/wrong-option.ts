// Options that no call could be made with. Nothing is sent: what comes of them in the end would
// look like a ledger that is down, or slow.
import { ScripError } from './scrip-error.ts';

/** Says what an option must be. What it was is not repeated: it may hold a key or a password. */
export function wrongOption(message: string, cause?: unknown): ScripError {
  return new ScripError(message, { code: 'invalid_argument', cause });
}

/** The address of a ledger as it was given, or an error that says what it must be. */
export function checkedBaseUrl(baseUrl: string): string {
  if (isBaseUrl(baseUrl)) return baseUrl;
  throw wrongOption(
    'baseUrl must begin with http:// or https://, as http://127.0.0.1:7410 does, ' +
      'and have no user, query or fragment',
  );
}

function isBaseUrl(baseUrl: string): boolean {
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) return false;
  const { username, password, search, hash } = new URL(baseUrl);
  return [username, password, search, hash].every((part) => part === '');
}

/** No timer takes more: it would be over at once. */
const timeoutMsMax = 2 ** 31 - 1;

/** The limit of a call as it was given, or an error that says what it must be. */
export function checkedTimeoutMs(timeoutMs: number): number {
  const isRight = Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= timeoutMsMax;
  if (isRight) return timeoutMs;
  throw wrongOption(`timeoutMs must be a whole number of milliseconds from 1 to ${timeoutMsMax}`);
}
