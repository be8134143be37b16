// That an answer is taken for what it is.
import { create, toBinary } from '@bufbuild/protobuf';
import { PostBatchResponseSchema } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { countResults, judge } from './answers.ts';

const long = { id: 'cct_00000000000', reference: 'r'.repeat(200) };
const response = toBinary(
  PostBatchResponseSchema,
  create(PostBatchResponseSchema, {
    results: [
      { result: { case: 'posted', value: { transaction: long } } },
      { result: { case: 'posted', value: { transaction: long, replayed: true } } },
      { result: { case: 'refused', value: { code: 'failed_precondition' } } },
      { result: { case: 'posted', value: { transaction: long, grantId: 'grt_1' } } },
      { result: { case: 'notApplied', value: {} } },
    ],
    sequence: 12n,
  }),
);

describe('countResults', () => {
  it('tells posted, replayed and refused items apart', () => {
    const counts = { posted: 2, replayed: 1, refused: 1 };
    expect(countResults('connect', Buffer.from(response))).toEqual(counts);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(response.length, 1);
    expect(countResults('grpc', Buffer.concat([prefix, response]))).toEqual(counts);
  });

  it('counts nothing in an empty answer', () => {
    const none = { posted: 0, replayed: 0, refused: 0 };
    expect(countResults('connect', Buffer.alloc(0))).toEqual(none);
  });
});

describe('judge', () => {
  const answer = (status: number, body: string, grpcStatus?: number) => ({
    status,
    grpcStatus,
    body: [Buffer.from(body)],
  });

  it('takes a good status for success and the expected refusal for one', () => {
    expect(judge('connect', answer(200, ''))).toBe('succeeded');
    expect(judge('connect-json', answer(400, '{"code":"failed_precondition"}'))).toBe('refused');
    expect(judge('grpc', answer(200, '', 0))).toBe('succeeded');
    expect(judge('grpc', answer(200, '', 9))).toBe('refused');
    expect(judge('grpc-web', answer(200, '...grpc-status: 0\r\n'))).toBe('succeeded');
    expect(judge('rest', answer(201, ''))).toBe('succeeded');
    expect(judge('rest', answer(422, '{"code":"insufficient_balance"}'))).toBe('refused');
  });

  it('takes everything else for a failure', () => {
    expect(judge('connect', answer(0, ''))).toBe('failed');
    expect(judge('connect', answer(400, '{"code":"invalid_argument"}'))).toBe('failed');
    expect(judge('grpc', answer(200, ''))).toBe('failed');
    expect(judge('grpc', answer(200, '', 14))).toBe('failed');
    expect(judge('grpc', answer(0, '', 0))).toBe('failed');
    expect(judge('grpc-web', answer(200, ''))).toBe('failed');
    expect(judge('rest', answer(500, ''))).toBe('failed');
  });
});
