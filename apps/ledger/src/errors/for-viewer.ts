// What an error tells the bearer of an access token: not how far the book has come.
import type { ConnectError } from '@connectrpc/connect';
import { ErrorDetailSchema, type ErrorDetail } from '@scrip/contract';

const hidden: readonly string[] = ['sequence', 'head_sequence'];

/** Takes the sequences out of an error that is about to be sent. Changes the error itself. */
export function hideSequences(error: ConnectError): ConnectError {
  for (const detail of error.details) {
    if (!('desc' in detail) || detail.desc.typeName !== ErrorDetailSchema.typeName) continue;
    const { metadata } = detail.value as ErrorDetail;
    for (const name of hidden) delete metadata[name];
  }
  return error;
}
