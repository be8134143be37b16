// Positions for those who may not know how much happens in a book: sealed, and each time different.
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Book, FeedPosition } from '@scrip/engine';
import type { Sequence } from '@scrip/kernel';

/** Turns positions into cursors and back. A cursor of another book, or a made-up one, is none. */
export type Cursors = {
  readonly seal: (book: Book, position: FeedPosition) => string;
  readonly open: (book: Book, cursor: string) => FeedPosition | undefined;
};

const algorithm = 'aes-256-gcm';
const keyPurpose = 'scrip feed cursor 1';
const keyBytes = 32;
/** Random: at a thousand cursors a second two may share one after centuries, not before. */
const nonceBytes = 12;
const tagBytes = 16;
const chainHashBytes = 32;
/** Whether there is a seal, the sequence, the seal's sequence, the seal's hash: always as long. */
const plainBytes = 1 + 8 + 8 + chainHashBytes;
const cursorBytes = nonceBytes + plainBytes + tagBytes;

/** Makes cursors under a key of each book. */
export function createCursors(newNonce: (byteCount: number) => Uint8Array): Cursors {
  const keys = new WeakMap<Uint8Array, Uint8Array>();
  const keyOf = ({ idKey }: Book): Uint8Array => {
    const known = keys.get(idKey);
    if (known !== undefined) return known;
    const key = new Uint8Array(hkdfSync('sha256', idKey, '', keyPurpose, keyBytes));
    keys.set(idKey, key);
    return key;
  };
  return {
    seal: (book, position) => {
      const nonce = newNonce(nonceBytes);
      const cipher = createCipheriv(algorithm, keyOf(book), nonce, { authTagLength: tagBytes });
      const sealed = [cipher.update(plainOf(position)), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat([nonce, ...sealed]).toString('base64url');
    },
    open: (book, cursor) => {
      const bytes = Buffer.from(cursor, 'base64url');
      if (bytes.length !== cursorBytes) return undefined;
      const plain = decrypt(keyOf(book), bytes);
      return plain && positionOf(plain);
    },
  };
}

function decrypt(key: Uint8Array, bytes: Buffer): Buffer | undefined {
  const nonce = bytes.subarray(0, nonceBytes);
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const plain = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

function plainOf({ sequence, seal }: FeedPosition): Buffer {
  const plain = Buffer.alloc(plainBytes);
  plain.writeUInt8(seal === undefined ? 0 : 1, 0);
  plain.writeBigUInt64BE(BigInt(sequence), 1);
  if (seal !== undefined) {
    plain.writeBigUInt64BE(BigInt(seal.sequence), 9);
    plain.set(seal.chainHash, 17);
  }
  return plain;
}

function positionOf(plain: Buffer): FeedPosition {
  const sequence = Number(plain.readBigUInt64BE(1)) as Sequence;
  if (plain.readUInt8(0) === 0) return { sequence };
  const sealed = Number(plain.readBigUInt64BE(9)) as Sequence;
  return { sequence, seal: { sequence: sealed, chainHash: new Uint8Array(plain.subarray(17)) } };
}
