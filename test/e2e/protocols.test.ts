// One ledger, three protocols on one port: each tells the same story and is given the same answers.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ScripProcess } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellLedgerStory } from './ledger-story.ts';
import { startScripOnTestCluster } from './scrip-on-test-cluster.ts';
import type { Caller } from './wire/caller.ts';
import { createConnectCaller } from './wire/connect-caller.ts';
import { createGrpcCaller, type GrpcCaller } from './wire/grpc-caller.ts';
import { createGrpcWebCaller } from './wire/grpc-web-caller.ts';
import { createTranscript, type Line } from './wire/transcript.ts';

const execute = promisify(execFile);

let overGrpc: ScripProcess;
let grpc: GrpcCaller;
let told: readonly Line[];

beforeAll(async () => {
  overGrpc = await startScripOnTestCluster();
  grpc = createGrpcCaller(overGrpc.ledgerUrl, overGrpc.keys().test.api_key);
  told = await tell(grpc.call);
});

afterAll(async () => {
  grpc?.close();
  await overGrpc?.stop();
});

describe('the ledger', () => {
  it('tells its story over gRPC, every answer with a request id', () => {
    expect(told.length).toBeGreaterThan(70);
    expect(
      told.filter(({ outcome }) => !JSON.stringify(outcome).includes('"hasRequestId":true')),
    ).toEqual([]);
  });

  it.each([
    ['Connect JSON', createConnectCaller],
    ['gRPC-Web', createGrpcWebCaller],
  ])('gives the same answers as gRPC over %s', async (_protocol, createCaller) => {
    const scrip = await startScripOnTestCluster();
    try {
      const lines = await tell(createCaller(scrip.ledgerUrl, scrip.keys().test.api_key));
      expect(lines).toEqual(told);
    } finally {
      await scrip.stop();
    }
  });

  it('takes the key as a bearer token as well', async () => {
    const authorization = `Bearer ${overGrpc.keys().test.api_key}`;
    const outcome = await grpc.call('GetHead', {}, { apiKey: '', headers: { authorization } });
    expect(outcome).toMatchObject({ code: 'ok', answer: { mode: 'MODE_TEST' } });
  });

  it('answers under the request id of the caller', async () => {
    const headers = { 'x-request-id': 'e2e-request-1' };
    const outcome = await grpc.call('GetHead', {}, { headers });
    expect(outcome.requestId).toBe('e2e-request-1');
  });
});

describe('the standard services', () => {
  it.each(['', 'scrip.ledger.v1.LedgerService'])('report %j as serving', async (service) => {
    expect(await grpc.checkHealth(service)).toBe('SERVING');
  });

  it('do not know the health of a service that is not there', async () => {
    await expect(grpc.checkHealth('a.Stranger')).rejects.toThrow(/NOT_FOUND/);
  });

  it.each(['grpc', 'grpcweb', 'connect'])(
    'let buf curl find the calls over %s',
    async (protocol) => {
      const url = `${overGrpc.ledgerUrl}/scrip.ledger.v1.LedgerService`;
      const flags = ['curl', '--protocol', protocol, '--http2-prior-knowledge'];
      const { stdout: methods } = await execute('buf', [
        ...flags,
        '--list-methods',
        overGrpc.ledgerUrl,
      ]);
      expect(methods).toContain('scrip.ledger.v1.LedgerService/CreateAccount');
      const key = ['-H', `x-api-key: ${overGrpc.keys().test.api_key}`];
      const asked = '{"account":{"externalId":"wallet"}}';
      const { stdout } = await execute('buf', [...flags, ...key, '-d', asked, `${url}/GetBalance`]);
      expect(JSON.parse(stdout)).toMatchObject({ balance: { balance: '0.99', unitScale: 2 } });
    },
  );
});

async function tell(call: Caller): Promise<readonly Line[]> {
  const transcript = createTranscript(call);
  await tellLedgerStory(transcript.call);
  return transcript.lines();
}
