// The port to reads of coupons and of what comes of them: each one consistent state of a book.
import type {
  Coupon,
  CouponCode,
  CreditRule,
  CustomerCredit,
  Instant,
  Membership,
  MembershipId,
  Redemption,
  RedemptionType,
} from '@scrip/kernel';
import type { Book } from './book.ts';
import type { CountedPage, ReadAnswer } from './reader.ts';

/** Which part of a list: lists are newest first. */
export interface ListRequest {
  /** 1 to 1,000. */
  readonly size: number;
  /** The id of a thing already seen. An unknown one is refused as a cursor. */
  readonly after?: string;
  /** Things to leave out after that, at most 100,000. */
  readonly skip: number;
  readonly countTotal: boolean;
}

/** What was read, with the book's clock as it was then. */
export interface AsOf<T> {
  readonly value: T;
  /** What a status is judged at; see `creditStatus`. */
  readonly instant: Instant;
  /**
   * Memberships that bear on the answer and have periods that have begun and are not booked, at
   * most 100 of them: book those and read again.
   */
  readonly dueMembershipIds: readonly MembershipId[];
}

/** Which coupons to list. */
export interface CouponsQuery {
  readonly redemptionType?: RedemptionType;
  readonly includeDeleted: boolean;
  readonly list: ListRequest;
}

/** Codes of a coupon, those of credits included. */
export interface CouponCodesQuery {
  readonly couponId: string;
  readonly list: ListRequest;
}

/** Which credits of a customer to list: active ones are always in it. */
export interface CustomerCreditsQuery {
  readonly customerId: string;
  readonly includeRedeemed: boolean;
  readonly includeExpired: boolean;
  readonly includeRevoked: boolean;
  /** Absent: both kinds. */
  readonly multiUse?: boolean;
  readonly list: ListRequest;
}

/** Uses of a credit, reversed ones included. */
export interface RedemptionsQuery {
  readonly customerCreditId: string;
  /** Whose credit it must be. */
  readonly customerId?: string;
  readonly list: ListRequest;
}

/** Which memberships to list. Filters are combined. */
export interface MembershipsQuery {
  readonly customerId?: string;
  readonly membershipTypeId?: string;
  readonly list: ListRequest;
}

/** Which rules to list; deleted ones are left out. */
export interface CreditRulesQuery {
  readonly membershipTypeId?: string;
  readonly list: ListRequest;
}

/**
 * Reads of coupons, credits, memberships and rules. Each is one statement on the primary. Refuses
 * unknown ones; those of another book are unknown. Throws a `JournalError` when the database cannot
 * be reached.
 */
export interface CouponReader {
  /** Deleted ones as well. */
  coupon(book: Book, couponId: string): Promise<ReadAnswer<Coupon>>;
  coupons(book: Book, query: CouponsQuery): Promise<ReadAnswer<CountedPage<Coupon>>>;
  couponCodes(book: Book, query: CouponCodesQuery): Promise<ReadAnswer<CountedPage<CouponCode>>>;
  /** With a customer given, another customer's credit is unknown. */
  customerCredit(
    book: Book,
    named: { readonly customerCreditId: string; readonly customerId?: string },
  ): Promise<ReadAnswer<AsOf<CustomerCredit>>>;
  /** The last issued first. Refuses one whom no account, credit, membership or code names. */
  customerCredits(
    book: Book,
    query: CustomerCreditsQuery,
  ): Promise<ReadAnswer<AsOf<CountedPage<CustomerCredit>>>>;
  redemptions(book: Book, query: RedemptionsQuery): Promise<ReadAnswer<CountedPage<Redemption>>>;
  membership(book: Book, membershipId: string): Promise<ReadAnswer<AsOf<Membership>>>;
  memberships(
    book: Book,
    query: MembershipsQuery,
  ): Promise<ReadAnswer<AsOf<CountedPage<Membership>>>>;
  /** Deleted ones as well. */
  creditRule(book: Book, creditRuleId: string): Promise<ReadAnswer<CreditRule>>;
  creditRules(book: Book, query: CreditRulesQuery): Promise<ReadAnswer<CountedPage<CreditRule>>>;
}
