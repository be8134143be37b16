// What the query asks for, as the ledger is asked.
import type { IncomingHttpHeaders } from 'node:http';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { HistoryRequest } from '@scrip/client';
import type { Event } from '@scrip/contract';
import type { Static } from 'typebox';
import { invalidField } from '../faults/fault.ts';
import { parseInstant } from '../instants.ts';
import { kindNames, kindsByName } from './kinds.ts';
import { readSequence } from './position-id.ts';
import { FeedQuery } from './schemas.ts';

type Query = Static<typeof FeedQuery>;
type Start = NonNullable<HistoryRequest['start']>;

/** Parameters that may be given several times; one is a list of one. */
const lists = ['account_id', 'external_id'];

/**
 * Makes lists of what may be one, and refuses what is no parameter: a start with a slip of the pen
 * would be `now`, and lose events without a word.
 */
export function readQuery(query: Record<string, unknown>): void {
  for (const name of Object.keys(query)) {
    if (!Object.hasOwn(FeedQuery.properties, name)) throw invalidField(name, 'is no parameter');
  }
  for (const name of lists) {
    const sent = query[name];
    if (typeof sent === 'string') query[name] = [sent];
  }
}

/** The request of the ledger, behind where the caller was or else from where the query says. */
export function historyRequest(query: Query, after: Start | undefined): HistoryRequest {
  const { account_id: ids = [], external_id: externalIds = [], customer_id: customerId } = query;
  const accounts = [
    ...ids.map((value) => ({ ref: { case: 'id' as const, value } })),
    ...externalIds.map((value) => ({ ref: { case: 'externalId' as const, value } })),
  ];
  return {
    accounts,
    kinds: kindsOf(query.kinds),
    start: after ?? startOf(query),
    ...(customerId === undefined ? {} : { customerId }),
  };
}

/**
 * Which events the query wants: an EventSource that comes back is behind its last id, which may lie
 * before an instant that is still to come.
 */
export function wantedBy({ from_time: time }: Query): (event: Event) => boolean {
  const since = time === undefined ? undefined : parseInstant(time);
  if (since === undefined) return () => true;
  const sinceMs = timestampMs(since);
  return ({ createdAt }) => createdAt === undefined || timestampMs(createdAt) >= sinceMs;
}

/** The id that an EventSource sends when it comes back, else that of a first connection. */
export function lastEventIdOf(headers: IncomingHttpHeaders, query: Query): string | undefined {
  // An empty one is none: so it is sent, or not sent, before the first event.
  return String(headers['last-event-id'] ?? '') || query.last_event_id || undefined;
}

function kindsOf(text: string | undefined): NonNullable<HistoryRequest['kinds']> {
  if (text === undefined) return [];
  return [...new Set(text.split(','))].map((name) => {
    const kind = kindsByName.get(name.trim());
    if (kind !== undefined) return kind;
    throw invalidField('kinds', `must be some of ${kindNames.join(', ')}`);
  });
}

function startOf({ from, from_sequence: sequence, from_time: time }: Query): Start {
  const given = { from, from_sequence: sequence, from_time: time };
  const [, second] = Object.entries(given).filter(([, value]) => value !== undefined);
  if (second !== undefined) throw invalidField(second[0], 'must be the only start');
  if (sequence !== undefined) {
    return { case: 'fromSequence', value: readSequence('from_sequence', sequence) };
  }
  if (time !== undefined) {
    const value = parseInstant(time);
    if (value === undefined) throw invalidField('from_time', 'must be an ISO 8601 date-time');
    return { case: 'fromTime', value };
  }
  return from === 'beginning' ? { case: 'beginning', value: {} } : { case: 'now', value: {} };
}
