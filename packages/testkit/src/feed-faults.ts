// What no stream of events may ever do, whatever it is of: checked on what it gave.
import type { Sequence } from '@scrip/kernel';
import type { FeedItem } from '@scrip/engine';

/** The sequences of all events that a stream gave. */
export function sequencesOf(items: readonly FeedItem[]): readonly Sequence[] {
  return items.flatMap((item) =>
    item.kind === 'events' ? item.events.map(({ sequence }) => sequence) : [],
  );
}

/** The faults of one connection, in words; none when it is ordered, unique and bookmarked. */
export function faultsOf(items: readonly FeedItem[]): readonly string[] {
  const faults: string[] = [];
  let reached = -1;
  for (const [index, item] of items.entries()) {
    const claim = (isTrue: boolean, fault: string): void => {
      if (!isTrue) faults.push(`item ${index}, ${item.kind}: ${fault}`);
    };
    const { sequence, seal } = item.position;
    claim(item.kind === ['started', 'heartbeat'][index] || index > 1, 'begins with something else');
    claim(item.kind !== 'started' || index === 0, 'starts twice');
    claim(sequence >= reached, `goes back from ${reached} to ${sequence}`);
    claim(seal === undefined || seal.sequence >= sequence, 'has a seal before its position');
    if (item.kind === 'events') {
      const given = sequencesOf([item]);
      const places = [reached, ...given];
      claim(given.length > 0, 'is empty');
      claim(
        given.every((each, i) => each > (places[i] ?? 0)),
        `repeats or reorders ${given.join()}`,
      );
      claim(given.at(-1) === sequence, `claims ${sequence} and ends at ${given.at(-1)}`);
    }
    reached = Math.max(reached, sequence);
  }
  return faults;
}
