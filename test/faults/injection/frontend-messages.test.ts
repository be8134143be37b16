// A COMMIT is seen however the bytes are cut.
import { describe, expect, it } from 'vitest';
import { createFrontendReader } from './frontend-messages.ts';

function startup(): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeInt32BE(9, 0);
  bytes.writeInt32BE(3 << 16, 4);
  return bytes;
}

function tlsRequest(): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32BE(8, 0);
  bytes.writeInt32BE(80877103, 4);
  return bytes;
}

function message(type: string, ...texts: readonly string[]): Buffer {
  const body = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const conversation = Buffer.concat([
  tlsRequest(),
  startup(),
  message('Q', 'begin isolation level read committed'),
  message('Q', 'with head as (select 1 from book for update) select 1 from head'),
  message('P', 'write', 'insert into event select 1'),
  message('B', '', 'write'),
  message('Q', 'select 1'),
  message('Q', 'COMMIT'),
]);

const meanings = ['other', 'other', 'begins', 'locks', 'other', 'writes', 'reads', 'commits'];

describe('the reader of messages to PostgreSQL', () => {
  it('tells what each message means', () => {
    const messages = createFrontendReader().read(conversation);
    expect(messages.map(({ meaning }) => meaning)).toEqual(meanings);
    expect(Buffer.concat(messages.map(({ bytes }) => bytes))).toEqual(conversation);
  });

  it('tells the same when the bytes come one by one', () => {
    const reader = createFrontendReader();
    const messages = [...conversation].flatMap((byte) => reader.read(Buffer.from([byte])));
    expect(messages.map(({ meaning }) => meaning)).toEqual(meanings);
  });
});
