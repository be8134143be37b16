// A COMMIT that was not confirmed.

/** COMMIT did not answer COMMIT. `unknown` when it was sent and nobody knows what became of it. */
export class CommitFailure extends Error {
  readonly outcome: 'not_committed' | 'unknown';

  constructor(outcome: CommitFailure['outcome'], cause: unknown) {
    super(`COMMIT was not confirmed: ${outcome}.`, { cause });
    this.name = 'CommitFailure';
    this.outcome = outcome;
  }
}
