// The text of the stream: what an EventSource reads.
import type { Event, FeedPosition, WatchHistoryResponse } from '@scrip/contract';
import type { Fault } from '../faults/fault.ts';
import { exactNumber } from '../json/parse-json.ts';
import { presentRefusal } from './errors.ts';
import { kindNameOf } from './kinds.ts';
import { toPositionId } from './position-id.ts';
import { presentEvent } from './present.ts';

/** A message of the ledger as text: one event for each of the book's, else one that says so. */
export function writeMessage(
  { message }: WatchHistoryResponse,
  isWanted: (event: Event) => boolean,
): string {
  switch (message.case) {
    case 'events':
      return writeEvents(message.value.events.filter(isWanted), message.value.position);
    case 'started':
      return writePosition('started', message.value.position);
    case 'caughtUp':
      return writePosition('caught_up', message.value.position);
    case 'fellBehind':
      return writePosition('fell_behind', message.value.position);
    case 'heartbeat':
      return writePosition('heartbeat', message.value.position);
    case undefined:
      // A ledger that is newer than this gateway.
      return ': \n\n';
  }
}

/** What an EventSource does with it: wait this long before it comes back. */
export function writeRetry(ms: number): string {
  return `retry: ${Math.ceil(ms)}\n\n`;
}

/**
 * Why the stream ends. Has no id: it covers nothing. Not called `error`, as which an EventSource
 * tells its own troubles.
 */
export function writeEnd(fault: Fault): string {
  return writeLines({ event: 'ended', data: presentRefusal(fault) });
}

/** With a key an event has its own sequence with the seal of its group; else it is alone. */
function writeEvents(events: readonly Event[], position: FeedPosition | undefined): string {
  const parts = events.map((event) => {
    const isAlone = position === undefined || position.cursor !== '';
    const own = isAlone ? position : { ...position, sequence: event.sequence };
    const kind = kindNameOf(event.change);
    return writeLines({ id: toPositionId(own), event: kind, data: presentEvent(event, kind) });
  });
  return parts.join('');
}

function writePosition(event: string, position: FeedPosition | undefined): string {
  const id = toPositionId(position);
  // Browsers drop an event without data, so even a heartbeat has some.
  const data = position?.cursor === '' ? { sequence: exactNumber(`${position.sequence}`) } : {};
  return writeLines({ id, event, data });
}

type Lines = { readonly id?: string; readonly event: string; readonly data: object };

function writeLines({ id, event, data }: Lines): string {
  const first = id === undefined ? '' : `id: ${id}\n`;
  return `${first}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
