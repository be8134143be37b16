// The trace of a caller goes on in the ledger, where it is one.
import { afterAll, expect, it } from 'vitest';
import { createFakeGateway, known, storeId } from './fake-ledger.ts';
import { traceHeaders } from './trace-context.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const tracestate = 'rojo=00f067aa0ba902b7, congo@x=t61rcWkgMzE';

const seen: Headers[] = [];
const gateway = await createFakeGateway({
  getHead: (_request, { requestHeader }) => {
    seen.push(requestHeader);
    return { storeId };
  },
  listAccounts: (_request, { requestHeader }) => {
    seen.push(requestHeader);
    return {};
  },
});
afterAll(() => gateway.close());

it('reaches the ledger with every call that the request makes', async () => {
  const headers = { ...known, traceparent, tracestate, 'x-request-id': 'r-1' };
  await gateway.inject({ url: '/v1/accounts', headers });
  const traces = seen.map((each) => [each.get('traceparent'), each.get('tracestate')]);
  expect(traces).toEqual([
    [traceparent, tracestate],
    [traceparent, tracestate],
  ]);
});

it.each([
  ['nothing', undefined],
  ['another form', 'yes'],
  ['capitals', traceparent.toUpperCase()],
  ['no trace', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
  ['no span', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
  ['a version that cannot be', `ff${traceparent.slice(2)}`],
  ['two of them', `${traceparent}, ${traceparent}`],
])('is left out when traceparent is %s', (_what, sent) => {
  expect(traceHeaders({ ...(sent && { traceparent: sent }), tracestate })).toEqual({});
});

it.each([
  ['no list', 'rojo'],
  ['without a value', 'rojo='],
  ['too long', `rojo=${'a'.repeat(200)},congo=${'b'.repeat(200)},c=${'c'.repeat(200)}`],
  ['of more than 32', Array.from({ length: 33 }, (_, i) => `a${i}=1`).join(',')],
  ['with a line break', 'rojo=a\nb'],
])('goes on without a state that is %s', (_what, sent) => {
  expect(traceHeaders({ traceparent, tracestate: sent })).toEqual({ traceparent });
});
