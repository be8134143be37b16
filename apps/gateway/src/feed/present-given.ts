// Fields that are left out of the feed's JSON when there is nothing to tell.
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { isoInstant } from '../instants.ts';

export function given(name: string, value: string | undefined): object {
  return value === undefined || value === '' ? {} : { [name]: value };
}

export function givenInstant(name: string, instant: Timestamp | undefined): object {
  return instant === undefined ? {} : { [name]: isoInstant(instant) };
}
