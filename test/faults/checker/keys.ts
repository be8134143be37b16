// API keys: a revoked one is refused within a second, and no other one is.
import type { RefusalAnswer } from '../history/answer.ts';
import { callOf, type Operation } from '../history/operation.ts';
import type { Findings } from './violation.ts';

export type Keys = {
  /** Takes a call that makes or revokes a key. */
  readonly addKeyCall: (operation: Operation) => void;
  /** Takes a call that was made with such a key. */
  readonly addUse: (operation: Operation) => void;
  readonly check: () => void;
};

/** When the revocation of a key may have begun, and when it was known to be over. */
type Revocation = { begunUs: number; endedUs: number };

const graceUs = 1_000_000;

export function createKeys(findings: Findings): Keys {
  const revocations = new Map<string, Revocation>();
  const uses: Pick<Operation, 'id' | 'apiKeyId' | 'invokedUs' | 'returnedUs' | 'outcome'>[] = [];
  const refusedIds = new Set<number>();
  return {
    addKeyCall: (operation) => {
      const call = callOf(operation);
      if (call.method === 'RevokeApiKey') note(revocations, call.request.apiKeyId, operation);
      if (operation.outcome !== 'refused' || isRefused(operation, 'SCOPE_MISSING')) return;
      findings.add('keys', [operation.id], `${operation.method}: ${operation.answerText}`);
    },
    addUse: ({ id, apiKeyId, invokedUs, returnedUs, outcome, answerText }) => {
      if (outcome !== 'ok' && outcome !== 'refused') return;
      if (isRefused({ outcome, answerText }, 'KEY_UNKNOWN')) refusedIds.add(id);
      uses.push({ id, apiKeyId, invokedUs, returnedUs, outcome });
    },
    check: () => {
      for (const { id, apiKeyId, invokedUs, returnedUs } of uses) {
        const { begunUs, endedUs } = revocations.get(apiKeyId) ?? never;
        if (refusedIds.has(id)) {
          if (returnedUs >= begunUs) continue;
          findings.add('keys', [id], `the key ${apiKeyId} was refused before it was revoked`);
        } else if (invokedUs > endedUs + graceUs) {
          const lateMs = Math.round((invokedUs - endedUs) / 1_000);
          const sentence = `the key ${apiKeyId} was taken ${lateMs} ms after it was revoked`;
          findings.add('keys', [id], sentence);
        }
      }
    },
  };
}

const never: Revocation = { begunUs: Infinity, endedUs: Infinity };

/** Whether the call was turned away for its key; nothing was judged then. */
export function isRefused(
  { outcome, answerText }: Pick<Operation, 'outcome' | 'answerText'>,
  reason: string,
): boolean {
  return outcome === 'refused' && (JSON.parse(answerText) as RefusalAnswer).reason === reason;
}

function note(revocations: Map<string, Revocation>, id: string, operation: Operation): void {
  const { begunUs, endedUs } = revocations.get(id) ?? never;
  const { invokedUs, returnedUs, outcome } = operation;
  revocations.set(id, {
    begunUs: outcome === 'failed' ? begunUs : Math.min(begunUs, invokedUs),
    endedUs: outcome === 'ok' ? Math.min(endedUs, returnedUs) : endedUs,
  });
}
