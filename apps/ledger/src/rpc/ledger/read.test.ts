// How a read waits until the book has reached a sequence.
import { Code, type ConnectError } from '@connectrpc/connect';
import { ErrorDetailSchema, ErrorReason, LedgerService } from '@scrip/contract';
import type { Book, HeadView, ReadAnswer } from '@scrip/engine';
import { refuseUnknownAccount, type AccountRef, type Sequence } from '@scrip/kernel';
import { describe, expect, it } from 'vitest';
import { createStubLedger } from '../../stub-ledger.ts';
import { createNextHead } from './next-head.ts';

const ref = { kind: 'id', id: 'cca_00000000001' } as const satisfies AccountRef;
const account = { ref: { case: 'id', value: ref.id } } as const;

/** A book that gets one event each time that its head is asked for, up to `last`. */
function createSetting({ first, last }: { readonly first: number; readonly last: number }) {
  const setting = { head: first, reads: 0, headReads: 0 };
  const head = async (): Promise<ReadAnswer<HeadView>> => {
    setting.headReads++;
    setting.head = Math.min(setting.head + 1, last);
    const value = { chainHash: new Uint8Array(32) };
    return { kind: 'read', value, sequence: setting.head as Sequence };
  };
  const stub = createStubLedger({
    reader: {
      head,
      account: async () => {
        setting.reads++;
        const sequence = setting.head as Sequence;
        return { kind: 'refused', refusal: refuseUnknownAccount(ref), sequence };
      },
    },
  });
  const options = { headers: { 'x-api-key': stub.addKey() } };
  const read = async (minSequence?: bigint, timeoutMs = 5000) => {
    const request = { account, ...(minSequence === undefined ? {} : { minSequence }) };
    const error = await stub.client.getAccount(request, { ...options, timeoutMs }).then(
      () => expect.unreachable('there is no account'),
      (thrown: unknown) => thrown as ConnectError,
    );
    const [detail] = error.findDetails(ErrorDetailSchema);
    return { code: error.code, reason: detail?.reason, metadata: detail?.metadata };
  };
  return { setting, read };
}

describe('a read', () => {
  it.each([undefined, 0n, 4n, 5n])('of a book at 5 asks once for %s', async (minSequence) => {
    const { setting, read } = createSetting({ first: 5, last: 5 });
    expect((await read(minSequence)).reason).toBe(ErrorReason.ACCOUNT_NOT_FOUND);
    expect(setting).toEqual({ head: 5, reads: 1, headReads: 0 });
  });

  it('waits until the book has reached the sequence, and then reads again', async () => {
    const { setting, read } = createSetting({ first: 5, last: 99 });
    const refusal = await read(8n);
    expect(refusal).toMatchObject({
      reason: ErrorReason.ACCOUNT_NOT_FOUND,
      metadata: { sequence: '8' },
    });
    expect(setting).toEqual({ head: 8, reads: 2, headReads: 3 });
  });

  it.each([9n, 2n ** 64n - 1n])('is refused when %s is not reached', async (minSequence) => {
    const { read } = createSetting({ first: 5, last: 6 });
    expect(await read(minSequence, 1000)).toEqual({
      code: Code.FailedPrecondition,
      reason: ErrorReason.SEQUENCE_NOT_REACHED,
      metadata: { min_sequence: String(minSequence), head_sequence: '6', sequence: '6' },
    });
  });

  it('of every kind may name a sequence', () => {
    const reads = LedgerService.methods.filter(({ name }) =>
      /^(Get|BatchGet|List|Explain)/.test(name),
    );
    expect(reads).toHaveLength(17);
    for (const { input } of reads) {
      const field = input.field['minSequence'];
      expect([input.name, field?.number, field?.proto.proto3Optional]).toEqual([
        input.name,
        15,
        true,
      ]);
    }
  });
});

describe('the next head', () => {
  it('is asked for once, however many wait, and again for a later one', async () => {
    let asked = 0;
    const nextHead = createNextHead({
      head: async () => {
        asked++;
        return {
          kind: 'read',
          value: { chainHash: new Uint8Array(32) },
          sequence: asked as Sequence,
        };
      },
    });
    const book = { id: 1 } as Book;
    const heads = await Promise.all([nextHead(book), nextHead(book), nextHead(book)]);
    expect(heads).toEqual([1, 1, 1]);
    expect(await nextHead(book)).toBe(2);
  });

  it('is asked for anew after a failure', async () => {
    let fails = true;
    const nextHead = createNextHead({
      head: async () => {
        if (fails) throw new Error('away');
        return {
          kind: 'read',
          value: { chainHash: new Uint8Array(32) },
          sequence: 3 as Sequence,
        };
      },
    });
    const book = { id: 1 } as Book;
    await expect(nextHead(book)).rejects.toThrow('away');
    fails = false;
    expect(await nextHead(book)).toBe(3);
  });
});
