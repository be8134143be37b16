// Who watches which account: an event costs what the accounts it touches have watchers.
import { accountIdsOf, customerIdOf, type AccountId, type BookEvent } from '@scrip/kernel';
import type { FeedScope } from '../port/feed-source.ts';
import type { FeedEvent, FeedEvents } from './feed.ts';
import type { Chunk } from './feed-events.ts';

/** A stream of some accounts. */
export interface AccountWatch {
  /** An event that touches an account of the stream: in order, each once. */
  take(event: FeedEvent): void;
  /** The chunk of the events just taken is complete. Equal streams share what they make of it. */
  settle(chunk: Chunk, made: Map<string, FeedEvents>): void;
}

/** A stream's place in the index. */
export interface Registration {
  add(accountIds: readonly AccountId[]): void;
  end(): void;
}

type CustomerScope = Extract<FeedScope, { readonly kind: 'customer' }>;

/**
 * Streams by account, and by customer for the accounts that are yet to come and for what is about
 * no account.
 */
export interface LiveIndex {
  /**
   * Adds a stream. With a customer it hears of each account that is made for them, and of their
   * credits and memberships where the scope says so.
   */
  register(watch: AccountWatch, customer?: CustomerScope): Registration;
  /** Tells the streams that a chunk concerns. Nothing is decoded when there are none. */
  tell(chunk: Chunk): void;
  /** Accounts and customers that are watched. */
  size(): number;
}

interface Registered {
  readonly watch: AccountWatch;
  readonly accountIds: Set<AccountId>;
  readonly hearsOfCoupons: boolean;
}

/** Makes an empty index. */
export function createLiveIndex(): LiveIndex {
  const byAccountId = new Map<AccountId, Set<Registered>>();
  const byCustomerId = new Map<string, Set<Registered>>();

  const addAccount = (registered: Registered, id: AccountId): void => {
    registered.accountIds.add(id);
    addTo(byAccountId, id, registered);
  };
  const findTouched = (event: BookEvent): ReadonlySet<Registered> | undefined => {
    const { change } = event;
    if (change.kind === 'account_created') {
      const { id, customerId } = change.account;
      for (const registered of byCustomerId.get(customerId) ?? []) addAccount(registered, id);
    }
    const customerId = customerIdOf(event);
    if (customerId !== undefined) {
      const ofCustomer = [...(byCustomerId.get(customerId) ?? [])];
      return new Set(ofCustomer.filter(({ hearsOfCoupons }) => hearsOfCoupons));
    }
    const ids = accountIdsOf(event);
    const [first] = ids;
    if (ids.length === 1 && first !== undefined) return byAccountId.get(first);
    // A stream of several accounts hears of an event once.
    return new Set(ids.flatMap((id) => [...(byAccountId.get(id) ?? [])]));
  };
  return {
    register: (watch, customer) => {
      const customerId = customer?.customerId;
      const hearsOfCoupons = customer?.withCoupons === true;
      const registered: Registered = { watch, accountIds: new Set(), hearsOfCoupons };
      let hasEnded = false;
      if (customerId !== undefined) addTo(byCustomerId, customerId, registered);
      return {
        add: (accountIds) => {
          // A stream can end while its accounts are being listed.
          if (hasEnded) return;
          for (const id of accountIds) addAccount(registered, id);
        },
        end: () => {
          hasEnded = true;
          if (customerId !== undefined) deleteFrom(byCustomerId, customerId, registered);
          for (const id of registered.accountIds) deleteFrom(byAccountId, id, registered);
        },
      };
    },
    tell: (chunk) => {
      if (byAccountId.size + byCustomerId.size === 0) return;
      const concerned = new Set<AccountWatch>();
      for (const event of chunk.events) {
        for (const { watch } of findTouched(event.event) ?? []) {
          watch.take(event);
          concerned.add(watch);
        }
      }
      const made = new Map<string, FeedEvents>();
      for (const watch of concerned) watch.settle(chunk, made);
    },
    size: () => byAccountId.size + byCustomerId.size,
  };
}

function addTo<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function deleteFrom<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}
