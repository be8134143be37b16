// Frames of streams: made once for all who are told the same.
import { create } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import { LedgerService, WatchHistoryResponseSchema } from '@scrip/contract';
import { expect, it } from 'vitest';
import type { LedgerRpcs } from '../rpc/ledger/ledger-rpcs.ts';
import { streamRoutesOf } from './stream-routes.ts';

const routes = streamRoutesOf(LedgerService, {} as LedgerRpcs, {
  endWith: () => new ConnectError('none ends'),
  resolveBook: () => undefined,
  judge: () => undefined,
});
const route = routes.get('/scrip.ledger.v1.LedgerService/WatchHistory');

it('sends the same bytes to all who are told the same message', () => {
  const message = create(WatchHistoryResponseSchema);
  const frame = route?.write(message, true);
  expect(frame).toBeDefined();
  expect(route?.write(message, true)).toBe(frame);
  expect(route?.write(message, false)).not.toEqual(frame);
  expect(route?.write(create(WatchHistoryResponseSchema), true)).not.toBe(frame);
});
