// All tables, as the ORM knows them: of a column with a domain it sees the type below.
import { Account } from './account.ts';
import { AccountTerm } from './account-term.ts';
import { ApiKey } from './api-key.ts';
import { Book } from './book.ts';
import { CouponRecord } from './coupon-record.ts';
import { CustomerEvent } from './customer-event.ts';
import { Entry } from './entry.ts';
import { Event } from './event.ts';
import { Seal } from './seal.ts';
import { SigningKey } from './signing-key.ts';
import { Store } from './store.ts';
import { TermChange } from './term-change.ts';
import { Unit } from './unit.ts';

export const entities = [
  Store,
  ApiKey,
  SigningKey,
  Book,
  Unit,
  Account,
  Event,
  Entry,
  Seal,
  AccountTerm,
  TermChange,
  CouponRecord,
  CustomerEvent,
] as const;
