// Ends of streams as their callers see them.
import { Code } from '@connectrpc/connect';
import { FeedError } from '@scrip/engine';
import { expect, it } from 'vitest';
import { toConnectError } from './to-connect-error.ts';

it('sends streams elsewhere when their source stays away', () => {
  const { error, isBug } = toConnectError(new FeedError('unavailable'));
  expect([error.code, isBug]).toEqual([Code.Unavailable, false]);
});

it('shows nothing of a bug that ended many streams, and leaves its one line to the feed', () => {
  const cause = new Error('a secret');
  const { error, isBug } = toConnectError(new FeedError('failed', { cause }));
  expect([error.code, isBug]).toEqual([Code.Internal, false]);
  expect(error.message).not.toContain('secret');
});
