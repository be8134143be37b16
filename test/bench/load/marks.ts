// Finds the marks in the bytes of a request, and puts an account, a number or an instant there.
import { nanosMark, numberMark, secondsMark } from './bodies.ts';

/** Where the marks of a request are. Each item of a batch has one account and two numbers. */
export type Places = {
  readonly accounts: readonly number[];
  readonly numbers: readonly number[];
  readonly seconds: readonly number[];
  readonly nanos: readonly number[];
};

export function findPlaces(request: Buffer, accountMark: string): Places {
  return {
    accounts: placesOf(request, Buffer.from(accountMark)),
    numbers: placesOf(request, Buffer.from(numberMark)),
    seconds: placesOf(request, varintOf(secondsMark)),
    nanos: placesOf(request, varintOf(nanosMark)),
  };
}

function placesOf(request: Buffer, mark: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = request.indexOf(mark); at >= 0; at = request.indexOf(mark, at + mark.length)) {
    places.push(at);
  }
  return places;
}

/** Writes ten digits. */
export function putNumber(request: Buffer, at: number, number: number): void {
  let rest = number;
  for (let place = at + numberMark.length - 1; place >= at; place--) {
    const next = Math.floor(rest / 10);
    request[place] = 48 + rest - next * 10;
    rest = next;
  }
}

/** Writes a varint of exactly five bytes; a small number is filled up with noughts. */
export function putVarint(request: Buffer, at: number, number: number): void {
  let rest = number;
  for (let place = at; place < at + 5; place++) {
    request[place] = (rest & 0x7f) | (place < at + 4 ? 0x80 : 0);
    rest >>>= 7;
  }
}

function varintOf(number: number): Buffer {
  const bytes = Buffer.alloc(5);
  putVarint(bytes, 0, number);
  return bytes;
}
