// The library's writer is the measure: the same calls make the same bytes.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from './byte-writer.ts';
import { createEncode } from './write-field.ts';

type Field =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'raw'; readonly value: Uint8Array }
  | { readonly kind: 'part'; readonly value: readonly Field[] };

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.constantFrom(
    'a'.repeat(127),
    'a'.repeat(128),
    'é'.repeat(100),
    `${'a'.repeat(126)}é`,
    '\ud800',
  ),
);
const bytes = fc.uint8Array({ maxLength: 300 });

const { fields } = fc.letrec<{ fields: readonly Field[]; field: Field }>((tie) => ({
  fields: fc.array(tie('field'), { maxLength: 6 }),
  field: fc.oneof(
    { depthSize: 'small' },
    fc.record({ kind: fc.constant('number'), value: fc.maxSafeNat() }),
    fc.record({ kind: fc.constant('text'), value: text }),
    fc.record({ kind: fc.constant('bytes'), value: bytes }),
    fc.record({ kind: fc.constant('raw'), value: bytes }),
    fc.record({ kind: fc.constant('part'), value: tie('fields') }),
  ),
}));

function write(writer: ByteWriter | BinaryWriter, all: readonly Field[]): void {
  for (const [index, { kind, value }] of all.entries()) {
    writer.tag(10 * index + 1, WireType.LengthDelimited);
    if (kind === 'text') writer.string(value);
    else if (kind === 'bytes') writer.bytes(value);
    else if (kind === 'raw') writer.raw(value);
    else if (kind === 'number') writeNumber(writer, value);
    else {
      writer.fork();
      write(writer, value);
      writer.join();
    }
  }
}

function writeNumber(writer: ByteWriter | BinaryWriter, value: number): void {
  if (writer instanceof ByteWriter) writer.varint(value);
  else writer.uint64(value);
}

function wanted(all: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter();
  write(writer, all);
  return writer.finish();
}

describe('messages that are written', () => {
  it('are those of the library', () => {
    const writer = new ByteWriter();
    fc.assert(
      fc.property(fields, (all) => {
        write(writer, all);
        expect(Buffer.from(writer.finish())).toEqual(Buffer.from(wanted(all)));
      }),
      { numRuns: 500 },
    );
  });

  it.each([0, 1, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 42, Number.MAX_SAFE_INTEGER])(
    'have the number %d',
    (value) => {
      expect(Buffer.from(new ByteWriter().varint(value).finish())).toEqual(
        Buffer.from(new BinaryWriter().uint64(value).finish()),
      );
    },
  );

  it('stay as they are when others are written, however large', () => {
    const writer = new ByteWriter();
    const sizes = [10, 60_000, 70_000, 1, 300_000, 20_000, 200];
    const written = sizes.map((size) => {
      const all: Field[] = [{ kind: 'part', value: [{ kind: 'text', value: 'x'.repeat(size) }] }];
      write(writer, all);
      return [Buffer.from(writer.finish()), Buffer.from(wanted(all))] as const;
    });
    for (const [bytesOfOurs, bytesOfLibrary] of written)
      expect(bytesOfOurs).toEqual(bytesOfLibrary);
  });
});

it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuses the number %d', (value) => {
  expect(() => new ByteWriter().varint(value)).toThrow('is whole');
});

it('forgets what was begun when a message cannot be written', () => {
  const encode = createEncode();
  const fail = (writer: ByteWriter): never => {
    writer.fork().string('begun');
    throw new Error('no message');
  };
  expect(() => encode(fail)).toThrow('no message');
  expect([...encode((writer) => void writer.varint(7))]).toEqual([7]);
});

it('keeps no large message with the small ones behind it', () => {
  const writer = new ByteWriter();
  const large = writer.raw(new Uint8Array(100_000)).finish();
  const small = writer.raw(new Uint8Array(10)).finish();
  expect(large.byteLength).toBe(100_000);
  expect(small.buffer.byteLength).toBeLessThan(100_000);
});
