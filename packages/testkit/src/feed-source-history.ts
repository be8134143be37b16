// The history that the suite of sources of the feed reads: events of every kind.
import {
  assert,
  couponRecordsOf,
  parseChangeAccountStatus,
  parseCreateAccount,
  parseCreateCoupon,
  parseCreateMembership,
  parseIssueCustomerCredit,
  parsePostOneSided,
  parsePostTransaction,
  parseUpdateAccount,
  type BookEvent,
  type Command,
  type Parsed,
  type Sequence,
} from '@scrip/kernel';
import {
  createEngine,
  type Book,
  type EventCodec,
  type FeedFilter,
  type FeedSource,
  type HistoryQuery,
  type Journal,
} from '@scrip/engine';

/** A source to test, the journal that fills it, and a new empty book for every test. */
export interface FeedSourceUnderTest {
  readonly journal: Journal;
  readonly codec: EventCodec;
  readonly source: FeedSource;
  /** The source of another process on the same books. */
  readonly other: FeedSource;
  readonly makeBook: () => Promise<Book>;
}

type Make = () => Promise<FeedSourceUnderTest>;

/** An empty book, and how it is written. */
export async function open(make: Make) {
  const made = await make();
  const book = await made.makeBook();
  const engine = createEngine({ journal: made.journal, codec: made.codec });
  const submit = async (command: Parsed<Command>): Promise<BookEvent> => {
    assert(command.kind === 'parsed', 'the commands of the suite are well-formed');
    const outcome = await engine.submit(book, command.value);
    assert('event' in outcome, 'the commands of the suite are accepted');
    return outcome.event;
  };
  return { ...made, book, submit };
}

/** A book with events of every kind, in batches of one and of several. */
export async function openFilled(make: Make) {
  const opened = await open(make);
  const { submit } = opened;
  const history: BookEvent[] = [];
  const together = async (...commands: readonly Parsed<Command>[]): Promise<void> => {
    const events = await Promise.all(commands.map(submit));
    history.push(...events.toSorted((a, b) => a.sequence - b.sequence));
  };
  for (let i = 0; i < 6; i++) {
    const customerId = `c ${i % 3}`;
    await together(parseCreateAccount({ customerId, name: `n ${i}`, initialBalance: '50' }));
  }
  const ids = history.flatMap(({ change }) =>
    change.kind === 'account_created' ? [change.account.id] : [],
  );
  const ref = (i: number) => ({ kind: 'id', id: ids[i % ids.length] ?? '' }) as const;
  const value = { kind: 'percentage', percentage: 5 } as const;
  await together(parseCreateCoupon({ terms: { name: 'Five percent', value } }));
  const made = history.flatMap(couponRecordsOf)[0]?.record;
  const couponId = made !== undefined && 'id' in made ? made.id : '';
  for (let round = 0; round < 4; round++) {
    const customerIds = ['c 1', 'coupons only', 'c 2', 'c 1'];
    await together(...customerIds.map((customerId) => issueTo(customerId, couponId)));
    await together(parseCreateMembership({ customerId: 'c 1', membershipTypeId: 'gold' }));
    // The sign-up follows in the same batch.
    const { events } = await readLast(opened);
    history.push(...events.filter(({ sequence }) => sequence > history.length));
    const credits = ids.map((_, i) => credit(ref(i), `credit ${round} ${i}`));
    await together(...credits, pay(ref(round), ref(round + 1), `pay ${round}`));
    await together(parseUpdateAccount({ account: ref(round), displayName: `new ${round}` }));
  }
  for (const kind of ['freeze_account', 'unfreeze_account'] as const) {
    await together(parseChangeAccountStatus(kind, { account: ref(1) }));
  }
  await together(parseCreateAccount({ customerId: 'c 9' }));
  const last = history.at(-1)?.change;
  const lastId = last?.kind === 'account_created' ? last.account.id : '';
  const account = { kind: 'id', id: lastId } as const;
  await together(parseChangeAccountStatus('close_account', { account }));
  return { ...opened, history, ids };
}

function issueTo(customerId: string, couponId: string): Parsed<Command> {
  return parseIssueCustomerCredit({ customerId, couponId });
}

async function readLast({ source, book, codec }: Awaited<ReturnType<typeof open>>) {
  const { events } = await source.readHistory(book, queryOf({ scope: { kind: 'book' } }));
  return { events: events.map(({ bytes }) => codec.decode(bytes)) };
}

type Ref = { readonly kind: 'id'; readonly id: string };

function credit(account: Ref, idempotencyKey: string): Parsed<Command> {
  return parsePostOneSided('credit', { account, amount: '1', reference: 'ref', idempotencyKey });
}

function pay(from: Ref, to: Ref, idempotencyKey: string): Parsed<Command> {
  const entries = [
    { account: from, side: 'debit' as const, amount: '2' },
    { account: to, side: 'credit' as const, amount: '2' },
  ];
  return parsePostTransaction({ entries, reference: 'ref', idempotencyKey });
}

/** Asks for a large page from the beginning. */
export function queryOf(filter: FeedFilter): HistoryQuery {
  return { filter, after: 0 as Sequence, countMax: 500, bytesMax: 1024 * 1024 };
}
