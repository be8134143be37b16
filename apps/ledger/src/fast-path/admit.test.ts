// What the fast path takes, and what it leaves to the router.
import { LedgerService } from '@scrip/contract';
import { ConnectError } from '@connectrpc/connect';
import { compressionGzip } from '@connectrpc/connect-node';
import { describe, expect, it } from 'vitest';
import type { LedgerRpcs } from '../rpc/ledger/ledger-rpcs.ts';
import { createAdmit, type Head } from './admit.ts';
import { streamRoutesOf, type StreamRoute } from './stream-routes.ts';
import { unaryRoutesOf, type UnaryRoute } from './unary-routes.ts';

const rpcs = {} as LedgerRpcs;
const handling = {
  endWith: () => new ConnectError('none is called'),
  resolveBook: () => undefined,
  judge: () => undefined,
};
const admit = createAdmit({
  routesByPath: new Map<string, UnaryRoute | StreamRoute>([
    ...unaryRoutesOf(LedgerService, rpcs, handling),
    ...streamRoutesOf(LedgerService, rpcs, handling),
  ]),
  acceptCompression: [compressionGzip],
  messageBytesMax: 1000,
  streamTimeoutMsMax: 2 ** 31 - 1,
  timeoutMsMax: 60_000,
});

const path = '/scrip.ledger.v1.LedgerService/Credit';
const plain = {
  method: 'POST',
  path,
  authority: 'ledger.example:7410',
  headers: { 'content-type': 'application/proto' } as Head['headers'],
};

describe('the fast path takes', () => {
  it.each([
    'application/proto',
    'application/json',
    'application/grpc',
    'application/grpc+proto',
    'application/grpc+json',
    'application/grpc-web',
    'application/grpc-web+proto',
    'application/grpc-web+json',
  ])('%s', (contentType) => {
    const admission = admit({ ...plain, headers: { 'content-type': contentType } });
    expect(admission?.dialect.isBinary).toBe(!contentType.endsWith('json'));
  });

  it.each([
    ['unary', 'application/proto'],
    ['server_streaming', 'application/connect+proto'],
  ])('every %s method of the ledger', (kind, contentType) => {
    const headers = { 'content-type': contentType };
    const taken = LedgerService.methods.filter(
      ({ name }) => admit({ ...plain, headers, path: path.replace('Credit', name) }) !== undefined,
    );
    expect(taken).toEqual(LedgerService.methods.filter(({ methodKind }) => methodKind === kind));
  });

  it.each([
    'application/connect+proto',
    'application/connect+json',
    'application/grpc',
    'application/grpc+proto',
    'application/grpc+json',
    'application/grpc-web',
    'application/grpc-web+proto',
    'application/grpc-web+json',
  ])('streams of %s', (contentType) => {
    const headers = { 'content-type': contentType };
    const admission = admit({ ...plain, headers, path: path.replace('Credit', 'WatchHistory') });
    expect(admission?.kind).toBe('stream');
    expect(admission?.dialect.isBinary).toBe(!contentType.endsWith('json'));
  });

  it.each([
    { 'content-encoding': 'identity' },
    { 'accept-encoding': 'gzip, deflate, br' },
    { 'connect-timeout-ms': '5000' },
    { 'content-length': '1000' },
    { 'connect-protocol-version': '1', 'user-agent': 'any', traceparent: 'any' },
  ])('%j', (headers) => {
    expect(admit({ ...plain, headers: { ...plain.headers, ...headers } })).toBeDefined();
  });
});

describe('the fast path leaves', () => {
  it.each([
    { 'content-type': 'application/json; charset=utf-8' },
    { 'content-type': 'application/grpc-web-text' },
    { 'content-type': 'application/connect+proto' },
    { 'content-type': undefined },
    { 'content-encoding': 'gzip' },
    { 'connect-timeout-ms': '0' },
    { 'connect-timeout-ms': 'soon' },
    { 'connect-timeout-ms': '60001' },
    { 'content-length': '1001' },
    { expect: '100-continue' },
  ])('%j', (headers) => {
    expect(admit({ ...plain, headers: { ...plain.headers, ...headers } })).toBeUndefined();
  });

  it.each([
    { method: 'GET' },
    { method: undefined },
    { path: `${path}?a=b` },
    { path: '/scrip.admin.v1.AdminService/ListApiKeys' },
    { path: undefined },
    { authority: undefined },
    { authority: '[' },
  ])('%j', (change) => {
    expect(admit({ ...plain, ...change })).toBeUndefined();
  });
});
