// The one error that a client throws, whatever went wrong.
import { durationMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { ErrorDetailSchema, ErrorReason } from '@scrip/contract';
import type { ErrorDetail } from '@scrip/contract';

/** The machine name of a refusal as `error_reason.proto` lists it, `INSUFFICIENT_BALANCE` say. */
export type ScripErrorReason = Exclude<keyof typeof ErrorReason, 'UNSPECIFIED'>;

/** The category of an error: the status codes of gRPC in lower case. */
export type ScripErrorCode = (typeof codeNames)[Code];

const codeNames = {
  [Code.Canceled]: 'canceled',
  [Code.Unknown]: 'unknown',
  [Code.InvalidArgument]: 'invalid_argument',
  [Code.DeadlineExceeded]: 'deadline_exceeded',
  [Code.NotFound]: 'not_found',
  [Code.AlreadyExists]: 'already_exists',
  [Code.PermissionDenied]: 'permission_denied',
  [Code.ResourceExhausted]: 'resource_exhausted',
  [Code.FailedPrecondition]: 'failed_precondition',
  [Code.Aborted]: 'aborted',
  [Code.OutOfRange]: 'out_of_range',
  [Code.Unimplemented]: 'unimplemented',
  [Code.Internal]: 'internal',
  [Code.Unavailable]: 'unavailable',
  [Code.DataLoss]: 'data_loss',
  [Code.Unauthenticated]: 'unauthenticated',
} as const;

const requestIdHeader = 'scrip-request-id';

type Facts = {
  readonly code: ScripErrorCode;
  readonly detail?: ErrorDetail | undefined;
  readonly requestId?: string | undefined;
  readonly cause: unknown;
};

/**
 * Says why a call did not succeed. `code` is always there; `reason` and `metadata` come from the
 * ledger and are absent when the call never reached it, or when its reason is newer than this
 * client.
 */
export class ScripError extends Error {
  override readonly name = 'ScripError';
  /** The category. */
  readonly code: ScripErrorCode;
  /** The machine name of the ledger's refusal. */
  readonly reason: ScripErrorReason | undefined;
  /** The facts of the refusal: `required`, `available`, `field`, `sequence` and so on. */
  readonly metadata: Readonly<Record<string, string>>;
  /** How long to wait before another try, in milliseconds, where trying again makes sense. */
  readonly retryAfterMs: number | undefined;
  /** The id of the request in the ledger's log. */
  readonly requestId: string | undefined;

  constructor(message: string, { code, detail, requestId, cause }: Facts) {
    super(message, { cause });
    this.code = code;
    this.reason = detail === undefined ? undefined : nameOfReason(detail.reason);
    this.metadata = detail?.metadata ?? {};
    this.retryAfterMs = detail?.retryAfter && durationMs(detail.retryAfter);
    this.requestId = requestId;
  }

  /** Turns whatever a transport threw into a ScripError. */
  static from(thrown: unknown): ScripError {
    if (thrown instanceof ScripError) return thrown;
    const error = ConnectError.from(thrown);
    return new ScripError(error.rawMessage, {
      code: codeNames[error.code],
      detail: error.findDetails(ErrorDetailSchema)[0],
      requestId: error.metadata.get(requestIdHeader) ?? undefined,
      cause: thrown,
    });
  }
}

/** Whether the ledger itself says so, also when its reason is newer than this client. */
export function isOfLedger({ reason, cause }: ScripError): boolean {
  if (reason !== undefined) return true;
  return cause instanceof ConnectError && cause.findDetails(ErrorDetailSchema).length > 0;
}

const reasonNames = new Map<number, ScripErrorReason>(
  Object.entries(ErrorReason).flatMap(([name, reason]) =>
    isReasonName(name) ? [[Number(reason), name] as const] : [],
  ),
);

function nameOfReason(reason: ErrorReason): ScripErrorReason | undefined {
  return reasonNames.get(Number(reason));
}

function isReasonName(name: string): name is ScripErrorReason {
  return name !== 'UNSPECIFIED';
}
