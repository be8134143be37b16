// What a stream's states come to on the page.
import { ScripError } from '@scrip/client';
import { create } from '@bufbuild/protobuf';
import { ErrorDetailSchema, ErrorReason } from '@scrip/contract';
import { expect, it } from 'vitest';
import type { StreamStatus } from '../state/connection.ts';
import { createStatusListener } from './stream-status.ts';

const lost = new ScripError('gone', { code: 'unavailable', cause: undefined });
const expired = new ScripError('expired', {
  code: 'unauthenticated',
  detail: create(ErrorDetailSchema, { reason: ErrorReason.TOKEN_EXPIRED }),
  cause: undefined,
});

function listen() {
  const told: StreamStatus[] = [];
  const hear = createStatusListener(
    () => 1_000,
    (status) => told.push(status),
  );
  return { told, hear };
}

it('tells the first connection step by step', () => {
  const { told, hear } = listen();
  hear('connecting');
  hear('catching_up');
  hear('live');
  expect(told.map(({ kind }) => kind)).toEqual(['connecting', 'catching_up', 'live']);
});

it('tells a lost stream as reconnecting until it is there again, with the time of each try', () => {
  const { told, hear } = listen();
  hear('live');
  hear('waiting', lost, 400);
  hear('connecting');
  hear('waiting', lost, 800);
  hear('connecting');
  hear('catching_up');
  hear('live');
  expect(told).toEqual([
    { kind: 'live' },
    { kind: 'reconnecting', atMs: 1_400 },
    { kind: 'reconnecting', atMs: 1_000 },
    { kind: 'reconnecting', atMs: 1_800 },
    { kind: 'reconnecting', atMs: 1_000 },
    { kind: 'catching_up' },
    { kind: 'live' },
  ]);
});

it('does not tell that a token was replaced in time', () => {
  const { told, hear } = listen();
  hear('catching_up');
  hear('live');
  hear('waiting', expired, 0);
  hear('connecting');
  expect(told.map(({ kind }) => kind)).toEqual(['catching_up', 'live']);
});
