// The stored places of grants, holds and schedules, compared with what the events make.
import type { Sequence } from '@scrip/kernel';
import type { BookSnapshot, StoredTerm } from '../port/audit-source.ts';
import type { EventCodec } from '../port/event-codec.ts';
import { DifferenceFound, expectSame } from './difference.ts';
import { addHash, noHashes, sameHashes, type HashSum } from './hash-sum.ts';
import { lineOf, termsAfter, type TermRecord, type TermRecords } from './term-records.ts';

/** Compares terms and their changes with a replay. Throws the first difference. */
export async function compareTerms(
  snapshot: BookSnapshot,
  records: TermRecords,
  codec: EventCodec,
): Promise<void> {
  await compareStored(snapshot, records);
  await compareChanges(snapshot, records, codec);
}

const comparedFields = ['kind', 'accountId', 'isLive', 'lastSequence'] as const;

async function compareStored(snapshot: BookSnapshot, records: TermRecords): Promise<void> {
  const unseen = new Map(records);
  for await (const term of snapshot.terms()) {
    const expected = unseen.get(term.sequence);
    expectSame(expected !== undefined, {
      place: 'term',
      message: `No event makes the ${term.kind} of sequence ${term.sequence}.`,
    });
    const field = comparedFields.find((each) => term[each] !== expected[each]);
    expectSame(field === undefined, {
      ...placeOf(expected),
      message: `${nameOf(expected)} has another ${field} than its events make.`,
      sequence: expected.lastSequence,
    });
    unseen.delete(term.sequence);
  }
  const [missing] = unseen.values();
  if (missing === undefined) return;
  const message = `${nameOf(missing)} is missing.`;
  throw new DifferenceFound({ ...placeOf(missing), message, sequence: missing.sequence });
}

async function compareChanges(
  snapshot: BookSnapshot,
  records: TermRecords,
  codec: EventCodec,
): Promise<void> {
  const stored = new Map<Sequence, HashSum>();
  for await (const change of snapshot.termChanges()) {
    stored.set(change.term, addHash(stored.get(change.term) ?? noHashes, lineOf(change)));
  }
  for (const record of records.values()) {
    if (!sameHashes(stored.get(record.sequence) ?? noHashes, record.changes)) {
      const sequence = await firstDifferingChange({ snapshot, codec, record });
      const message = `${nameOf(record)} has other changes than its events make.`;
      throw new DifferenceFound({ ...placeOf(record), message, sequence });
    }
    stored.delete(record.sequence);
  }
  const [stray] = stored.keys();
  expectSame(stray === undefined, {
    place: 'term',
    message: `There are changes of sequence ${stray}, which made no grant, hold or schedule.`,
  });
}

/** Reads the term's changes and the events once more, to name the sequence. */
async function firstDifferingChange(search: {
  readonly snapshot: BookSnapshot;
  readonly codec: EventCodec;
  readonly record: TermRecord;
}): Promise<Sequence> {
  const { snapshot, codec, record } = search;
  const stored = new Map<Sequence, string>();
  for await (const change of snapshot.termChanges()) {
    if (change.term === record.sequence) stored.set(change.sequence, lineOf(change));
  }
  for await (const { bytes } of snapshot.events()) {
    const event = codec.decode(bytes);
    const after = termsAfter(event).find(({ sequence }) => sequence === record.sequence);
    if (after === undefined) continue;
    const { sequence } = event;
    if (stored.get(sequence) !== lineOf({ sequence, isLive: after.isLive })) return sequence;
    stored.delete(sequence);
  }
  // All expected changes are there, so one is left over.
  return Math.min(...stored.keys()) as Sequence;
}

function placeOf({ accountId }: TermRecord) {
  return { place: 'term', accountId } as const;
}

function nameOf({ kind, sequence }: StoredTerm): string {
  return `The ${kind} of sequence ${sequence}`;
}
