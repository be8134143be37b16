// Why the engine could not decide a command. These are not refusals: the command may be sent again.

/**
 * A failure of the engine. `queue_full`: too many commands wait for the book. `aborted`: the write
 * failed several times and nothing was written. `unavailable`: the database cannot take writes, or
 * the engine is closing; nothing was written. `failed`: this one command cannot be written; a bug.
 */
export class EngineError extends Error {
  readonly kind: 'queue_full' | 'aborted' | 'unavailable' | 'failed';
  /** How long to wait before another try, where that makes sense. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: EngineError['kind'],
    options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(`The command was not decided: ${kind}.`, { cause: options.cause });
    this.name = 'EngineError';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}
