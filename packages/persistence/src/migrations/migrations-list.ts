// All migrations in their order, imported statically so that a bundle has them too.
import type { EventCodec } from '@scrip/engine';
import { CreatesStoresBooksAndHistory } from './0001-creates-stores-books-and-history.ts';
import { findsAccountChanges } from './0002-finds-account-changes-and-keeps-signing-keys.ts';
import { KeepsGrantsHoldsAndSchedules } from './0003-keeps-grants-holds-and-schedules.ts';
import { KeepsCouponsCreditsAndMemberships } from './0004-keeps-coupons-credits-and-memberships.ts';
import { KeepsPostsInFewerBytes } from './0005-keeps-posts-in-fewer-bytes.ts';
import { ChecksValuesWhenTheyAreAssigned } from './0006-checks-values-when-they-are-assigned.ts';

const first = '0001-creates-stores-books-and-history';
const fifth = '0005-keeps-posts-in-fewer-bytes';
const fourth = '0004-keeps-coupons-credits-and-memberships';
const sixth = '0006-checks-values-when-they-are-assigned';
const third = '0003-keeps-grants-holds-and-schedules';
const second = '0002-finds-account-changes-and-keeps-signing-keys';

/** The names of all migrations, in their order. */
export const migrationNames: readonly string[] = [first, second, third, fourth, fifth, sixth];

/** All migrations. Those that read events are given the codec. */
export function migrationsList(codec: EventCodec) {
  return [
    { name: first, class: CreatesStoresBooksAndHistory },
    { name: second, class: findsAccountChanges(codec) },
    { name: third, class: KeepsGrantsHoldsAndSchedules },
    { name: fourth, class: KeepsCouponsCreditsAndMemberships },
    { name: fifth, class: KeepsPostsInFewerBytes },
    { name: sixth, class: ChecksValuesWhenTheyAreAssigned },
  ];
}
