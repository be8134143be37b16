// What the feed keeps of a committed batch.
import type { BookEvent, Sequence } from '@scrip/kernel';
import { expect, it } from 'vitest';
import { genesisHash } from '../chain-hash.ts';
import { chunksOf } from './feed-events.ts';
import { feedBoundsDefault } from './feed-limits.ts';

it('keeps the bytes of its events and not the memory that they were written in', () => {
  const memory = new Uint8Array(16_384).fill(7);
  const event = { sequence: 1 as Sequence } as BookEvent;
  const [chunk] = chunksOf(
    {
      previous: { sequence: 0 as Sequence, chainHash: genesisHash },
      seal: { sequence: 1 as Sequence, chainHash: genesisHash },
      events: [{ event, bytes: memory.subarray(100, 400) }],
    },
    feedBoundsDefault,
  );
  const kept = chunk?.events[0]?.bytes;
  expect(kept).toEqual(memory.subarray(100, 400));
  expect(kept?.buffer.byteLength).toBe(300);
});
