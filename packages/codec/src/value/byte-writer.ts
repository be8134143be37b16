// Writes messages field by field, each right where it stays: the library's writer ends by copying
// a message into memory of its own, which takes as long as writing one that is small.
import type { WireType } from '@bufbuild/protobuf/wire';
import { assert } from '@scrip/kernel';

/**
 * Messages share pieces of memory of this size; one that needs more has its own. Whoever keeps a
 * message keeps its piece: an answer that its caller does not take, for one.
 */
const pieceSize = 2 ** 14;
/** Copying the characters of a text is less work than asking for it, up to this length. */
const shortLengthMax = 127;
const varintSizeMax = 10;
const int32Max = 2 ** 31 - 1;

/** Has the methods of the library's writer that fields need. The same calls make the same bytes. */
export class ByteWriter {
  #piece = Buffer.allocUnsafeSlow(pieceSize);
  /** Where the message at hand begins, and where it goes on. */
  #start = 0;
  #at = 0;
  /** Where the parts begin that are not joined yet, counted from the start. */
  readonly #parts: number[] = [];

  tag(number: number, wireType: WireType): this {
    return this.varint(number * 8 + wireType);
  }

  /** Writes a whole number that is not negative. */
  varint(value: number): this {
    assert(Number.isSafeInteger(value) && value >= 0, 'a number of a message is whole');
    this.#makeRoom(varintSizeMax);
    let rest = value;
    for (; rest > int32Max; rest = Math.floor(rest / 0x80)) this.#put((rest % 0x80) | 0x80);
    for (; rest > 0x7f; rest >>= 7) this.#put((rest & 0x7f) | 0x80);
    this.#put(rest);
    return this;
  }

  /** Writes a text behind its length. */
  string(text: string): this {
    if (this.#putShortAscii(text)) return this;
    const size = Buffer.byteLength(text);
    this.varint(size).#makeRoom(size);
    this.#at += this.#piece.write(text, this.#at);
    return this;
  }

  /** Writes bytes behind their length. */
  bytes(bytes: Uint8Array): this {
    return this.varint(bytes.length).raw(bytes);
  }

  /** Writes bytes as they are. */
  raw(bytes: Uint8Array): this {
    this.#makeRoom(bytes.length);
    this.#piece.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  /** Begins a part, that `join` puts behind its length. */
  fork(): this {
    this.#parts.push(this.#at - this.#start);
    this.#makeRoom(1);
    // Most parts are so short that one byte is enough for their length.
    this.#put(0);
    return this;
  }

  /** Ends the part that was begun last. */
  join(): this {
    const part = this.#parts.pop();
    assert(part !== undefined, 'a part that ends was begun');
    this.#makeRoom(varintSizeMax);
    const begin = this.#start + part;
    const length = this.#at - begin - 1;
    const content = begin + varintSizeOf(length);
    if (content > begin + 1) this.#piece.copyWithin(content, begin + 1, this.#at);
    this.#at = begin;
    this.varint(length);
    this.#at += length;
    return this;
  }

  /** The bytes of the message at hand. The next one begins. */
  finish(): Uint8Array {
    const bytes = new Uint8Array(this.#piece.buffer, this.#start, this.#at - this.#start);
    this.#start = this.#at;
    if (this.#piece.length > pieceSize) this.#beginPiece(pieceSize);
    return bytes;
  }

  /** Forgets the message at hand. */
  drop(): void {
    this.#at = this.#start;
    this.#parts.length = 0;
  }

  #put(byte: number): void {
    this.#piece[this.#at++] = byte;
  }

  #putShortAscii(text: string): boolean {
    const { length } = text;
    if (length > shortLengthMax) return false;
    this.#makeRoom(length + 1);
    const piece = this.#piece;
    let at = this.#at;
    piece[at++] = length;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      piece[at++] = code;
    }
    this.#at = at;
    return true;
  }

  #makeRoom(size: number): void {
    if (this.#at + size <= this.#piece.length) return;
    const written = this.#piece.subarray(this.#start, this.#at);
    this.#beginPiece(Math.max(pieceSize, 2 * (written.length + size)));
    this.#piece.set(written);
    this.#at = written.length;
  }

  #beginPiece(size: number): void {
    this.#piece = Buffer.allocUnsafeSlow(size);
    this.#start = 0;
    this.#at = 0;
  }
}

function varintSizeOf(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) size += 1;
  return size;
}
