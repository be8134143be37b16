// Cells of columns as parameters. Most go in PostgreSQL's own binary form: neither side has to make
// or read texts, and bytes are half as long as their digits.
import { assert } from '@scrip/kernel';

/** What a column may hold. */
export type Cell = string | number | boolean | Uint8Array | null;

/**
 * The type of a column of such cells: as PostgreSQL names it, or `hex` for a bytea and `digest` for
 * an int8 whose cells are hexadecimal digits.
 */
export type ColumnType<C = Cell> =
  | (number extends C ? 'int2' | 'int4' | 'int8' : never)
  | (string extends C ? 'text' | 'numeric' | 'hex' | 'digest' : never)
  | (boolean extends C ? 'bool' : never)
  | (Uint8Array extends C ? 'bytea' : never);

/** The type as PostgreSQL names it. */
export function sqlTypeOf(type: ColumnType): string {
  if (type === 'hex') return 'bytea';
  return type === 'digest' ? 'int8' : type;
}

/** A cell as a parameter. */
export function parameterOf(cell: Cell, type: ColumnType): Cell {
  const isHex = type === 'hex' || type === 'digest';
  return isHex && cell !== null ? Buffer.from(String(cell), 'hex') : cell;
}

/**
 * All cells of a column as one parameter, an array. The driver would escape each of them for
 * itself, and that takes most of a flush's time.
 */
export function arrayOf(cells: readonly Cell[], type: ColumnType): string | Buffer {
  if (type === 'numeric') return `{${cells.map((cell) => cell ?? 'NULL').join()}}`;
  return binaryArrayOf(cells, forms[type]);
}

/** How cells of a type are written. */
interface Form<C> {
  /** The type's number, which is the same in all versions. */
  readonly oid: number;
  readonly sizeOf: (cell: C) => number;
  readonly put: (into: Buffer, cell: C, at: number) => void;
}

const forms: Readonly<Record<Exclude<ColumnType, 'numeric'>, Form<Cell>>> = {
  bool: sized<boolean>(16, 1, (into, cell, at) => into.writeUInt8(cell ? 1 : 0, at)),
  int2: sized<number>(21, 2, (into, cell, at) => into.writeInt16BE(whole(cell), at)),
  int4: sized<number>(23, 4, (into, cell, at) => into.writeInt32BE(whole(cell), at)),
  int8: sized<number>(20, 8, putInt8),
  digest: sized<string>(20, 8, (into, cell, at) => {
    assert(cell.length === 16, 'a cell of digits has all of them');
    putHex(into, cell, at);
  }),
  hex: form<string>({ oid: 17, sizeOf: ({ length }) => Math.ceil(length / 2), put: putHex }),
  bytea: form<Uint8Array>({
    oid: 17,
    sizeOf: ({ length }) => length,
    put: (into, cell, at) => into.set(cell, at),
  }),
  text: form<string>({
    oid: 25,
    sizeOf: (cell) => Buffer.byteLength(cell),
    put: (into, cell, at) => void into.write(cell, at),
  }),
};

function sized<C extends Cell>(oid: number, size: number, put: Form<C>['put']): Form<Cell> {
  return form({ oid, sizeOf: () => size, put });
}

function form<C extends Cell>(each: Form<C>): Form<Cell> {
  // A column has cells of its type and no others.
  return each as Form<never> as Form<Cell>;
}

function putInt8(into: Buffer, cell: number, at: number): void {
  into.writeInt32BE(Math.floor(whole(cell) / 2 ** 32), at);
  into.writeUInt32BE(cell >>> 0, at + 4);
}

// PostgreSQL would refuse the text of anything else; as bytes it would be some other number.
function whole(cell: number): number {
  assert(Number.isSafeInteger(cell), 'a cell of whole numbers is one');
  return cell;
}

const digitByCode = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 16; digit++) digitByCode[digit.toString(16).charCodeAt(0)] = digit;

/** Digits one by one: asking for all of them takes longer than a digest has digits. */
function putHex(into: Buffer, cell: string, at: number): void {
  for (let index = 0; index < cell.length; index += 2) {
    const byte = (digitAt(cell, index) * 16) | digitAt(cell, index + 1);
    assert(byte >= 0, 'a cell of digits has no others');
    into[at + index / 2] = byte;
  }
}

/** Negative where there is none. */
function digitAt(cell: string, index: number): number {
  return digitByCode[cell.charCodeAt(index)] ?? -1;
}

const headBytes = 20;
const isNull = -1;

/** The dimensions, whether there may be nulls, the type, the length, the first index, the cells. */
function binaryArrayOf(cells: readonly Cell[], { oid, sizeOf, put }: Form<Cell>): Buffer {
  let size = headBytes;
  // By index: columns hold cells of so many kinds that an iterator would make an object for each.
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row] ?? null;
    size += 4 + (cell === null ? 0 : sizeOf(cell));
  }
  const into = Buffer.allocUnsafe(size);
  [1, 1, oid, cells.length, 1].forEach((word, index) => into.writeInt32BE(word, 4 * index));
  let at = headBytes;
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row] ?? null;
    const cellSize = cell === null ? isNull : sizeOf(cell);
    into.writeInt32BE(cellSize, at);
    at += 4;
    if (cell === null) continue;
    put(into, cell, at);
    at += cellSize;
  }
  return into;
}
