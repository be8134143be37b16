// `scrip verify` after a round: it recomputes the book from its first event, beside the checker.
import { runScrip } from '@scrip/testkit';

export type Verification =
  | { readonly kind: 'passed' }
  /** This version of the command has no `verify`. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly output: string };

/** Verifies all books of the database that the environment names. */
export async function verifyBooks(env: Readonly<Record<string, string>>): Promise<Verification> {
  const help = await runScrip(['--help']);
  if (!/^\s+verify\b/m.test(help.stdout)) return { kind: 'missing' };
  const { exitCode, stdout, stderr } = await runScrip(['verify'], env);
  if (exitCode === 0) return { kind: 'passed' };
  return { kind: 'failed', output: `exit ${exitCode}: ${stdout}${stderr}`.trim() };
}

/** One line for the report. */
export function verificationLine(verification: Verification): string {
  switch (verification.kind) {
    case 'passed':
      return 'scrip verify passed';
    case 'missing':
      return 'scrip verify is not there yet';
    case 'failed':
      return `scrip verify failed, ${verification.output}`;
  }
}
