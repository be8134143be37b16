// A working set that can be put back to where it was marked.
import { wrapCouponState, type BookState } from '@scrip/kernel';

/** A copy of a working set, and the means to take changes back. */
export interface UndoableState {
  readonly state: BookState;
  /** Begins to note what changes; before the first mark nothing is. The answer puts it back. */
  readonly mark: () => () => void;
}

type Undo = () => void;

/** How the changes since the mark are taken back, if there was one. */
interface Notes {
  undos: Undo[] | undefined;
}

/** Copies a working set; what is in its maps is readonly and shared. */
export function createUndoableState(loaded: BookState): UndoableState {
  const notes: Notes = { undos: undefined };
  const state: BookState = {
    ...loaded,
    accounts: new UndoableMap(loaded.accounts, notes),
    accountIdsByExternalId: new UndoableMap(loaded.accountIdsByExternalId, notes),
    accountIdsByName: new UndoableMap(loaded.accountIdsByName, notes),
    units: new UndoableMap(loaded.units, notes),
    grants: new UndoableMap(loaded.grants, notes),
    holds: new UndoableMap(loaded.holds, notes),
    schedules: new UndoableMap(loaded.schedules, notes),
    endingsById: new UndoableMap(loaded.endingsById, notes),
    coupons: wrapCouponState(loaded.coupons, (map) => new UndoableMap(map, notes)),
    eventsByKey: new UndoableMap(loaded.eventsByKey, notes),
    eventsByTransactionId: new UndoableMap(loaded.eventsByTransactionId, notes),
    reversalsByTransactionId: new UndoableMap(loaded.reversalsByTransactionId, notes),
  };
  return {
    state,
    mark: () => {
      const { sequence } = state;
      const undos: Undo[] = [];
      notes.undos = undos;
      return () => {
        notes.undos = undefined;
        for (const undo of undos.toReversed()) undo();
        state.sequence = sequence;
      };
    },
  };
}

/** A map that tells how to take each of its changes back. */
class UndoableMap<K, V> extends Map<K, V> {
  readonly #notes: Notes;

  constructor(entries: Iterable<readonly [K, V]>, notes: Notes) {
    super();
    this.#notes = notes;
    for (const [key, value] of entries) super.set(key, value);
  }

  override set(key: K, value: V): this {
    this.#noteBefore(key);
    return super.set(key, value);
  }

  override delete(key: K): boolean {
    this.#noteBefore(key);
    return super.delete(key);
  }

  #noteBefore(key: K): void {
    const { undos } = this.#notes;
    if (undos === undefined) return;
    const before = super.get(key);
    const existed = super.has(key);
    undos.push(() => void (existed ? super.set(key, before as V) : super.delete(key)));
  }
}
