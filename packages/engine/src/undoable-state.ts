// A working set that can be put back to where it was marked.
import { wrapCouponState, type BookState } from '@scrip/kernel';

/** A copy of a working set, and the means to take changes back. */
export interface UndoableState {
  readonly state: BookState;
  /** Begins to note what changes. The answer puts all of it back. */
  readonly mark: () => () => void;
}

type Undo = () => void;

/** Copies a working set; what is in its maps is readonly and shared. */
export function createUndoableState(loaded: BookState): UndoableState {
  let undos: Undo[] = [];
  const note = (undo: Undo): void => void undos.push(undo);
  const state: BookState = {
    ...loaded,
    accounts: new UndoableMap(loaded.accounts, note),
    accountIdsByExternalId: new UndoableMap(loaded.accountIdsByExternalId, note),
    accountIdsByName: new UndoableMap(loaded.accountIdsByName, note),
    units: new UndoableMap(loaded.units, note),
    grants: new UndoableMap(loaded.grants, note),
    holds: new UndoableMap(loaded.holds, note),
    schedules: new UndoableMap(loaded.schedules, note),
    endingsById: new UndoableMap(loaded.endingsById, note),
    coupons: wrapCouponState(loaded.coupons, (map) => new UndoableMap(map, note)),
    eventsByKey: new UndoableMap(loaded.eventsByKey, note),
    eventsByTransactionId: new UndoableMap(loaded.eventsByTransactionId, note),
    reversalsByTransactionId: new UndoableMap(loaded.reversalsByTransactionId, note),
  };
  return {
    state,
    mark: () => {
      const { sequence } = state;
      undos = [];
      return () => {
        const latestFirst = undos.toReversed();
        for (const undo of latestFirst) undo();
        undos = [];
        state.sequence = sequence;
      };
    },
  };
}

/** A map that tells how to take each of its changes back. */
class UndoableMap<K, V> extends Map<K, V> {
  readonly #note: (undo: Undo) => void;

  constructor(entries: Iterable<readonly [K, V]>, note: (undo: Undo) => void) {
    super();
    this.#note = note;
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
    const before = super.get(key);
    const existed = super.has(key);
    this.#note(() => void (existed ? super.set(key, before as V) : super.delete(key)));
  }
}
