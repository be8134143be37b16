// A page by cursor, as every list asks for it.
import type { PageRequest } from '@scrip/engine';

/** Things on a page when a request names no size. */
const pageSizeDefault = 50;

/** The size of a page. The contract bounds it. */
export function pageSizeOf({ pageSize }: { readonly pageSize: number }): number {
  return pageSize === 0 ? pageSizeDefault : pageSize;
}

/** Where a page of a request starts and how long it is. The contract bounds the size. */
export function fromProtoPage(request: {
  readonly pageSize: number;
  readonly cursor:
    | { readonly case: 'startingAfter' | 'endingBefore'; readonly value: string }
    | { readonly case: undefined };
}): PageRequest {
  const size = pageSizeOf(request);
  const { cursor } = request;
  if (cursor.case === undefined) return { size };
  const direction = cursor.case === 'startingAfter' ? 'after' : 'before';
  return { size, cursor: { direction, id: cursor.value } };
}
