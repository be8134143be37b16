// Bodies made of anything, and callers who go at any time: nothing breaks, nothing stays open, and
// nobody is told anything else than by the router.
import type { Engine } from '@scrip/engine';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { credited, creditRequest, type StubOptions } from '../stub-ledger.ts';
import { callRaw, type RawAnswer, type RawRequest } from './raw-call.ts';
import { allSpoken, carry, encode, frameOf, requestOf, type Spoken } from './spoken.ts';
import { startTwoLedgers, type TwoLedgers } from './two-ledgers.ts';

const running: TwoLedgers[] = [];

async function start(options: StubOptions = {}): Promise<TwoLedgers> {
  const ledgers = await startTwoLedgers(options);
  running.push(ledgers);
  return ledgers;
}

afterEach(() => Promise.all(running.splice(0).map((ledgers) => ledgers.close())));

function keyed({ apiKey }: TwoLedgers, spoken: Spoken, body: Uint8Array): RawRequest {
  const request = requestOf(spoken, body);
  return { ...request, headers: { ...request.headers, 'x-api-key': apiKey } };
}

function endsOf({ fast }: TwoLedgers): readonly unknown[] {
  return fast.stub
    .lines()
    .filter(({ msg }) => msg === 'call')
    .map(({ code }) => code);
}

const bytes = fc.uint8Array({ maxLength: 60 });
const spokenBy = fc.constantFrom(...allSpoken);

/** A body that was a good one before some of its bytes were changed, added or taken away. */
const spoilt = fc
  .record({ spoken: spokenBy, place: fc.nat(60), removed: fc.nat(4), added: bytes })
  .map(({ spoken, place, removed, added }) => {
    const good = Buffer.from(carry(spoken, encode(spoken, creditRequest)));
    const at = Math.min(place, good.length);
    const body = [good.subarray(0, at), added.subarray(0, 4), good.subarray(at + removed)];
    return { spoken, body: Buffer.concat(body) };
  });

const framed = fc
  .record({
    spoken: spokenBy,
    frames: fc.array(fc.record({ data: bytes, flags: fc.nat(255), lie: fc.nat(3) }), {
      maxLength: 3,
    }),
  })
  .map(({ spoken, frames }) => ({
    spoken,
    body: Buffer.concat(
      frames.map(({ data, flags, lie }) =>
        frameOf(data, flags % 4 === 0 ? 0 : flags, data.length + lie),
      ),
    ),
  }));

const anything = fc.record({ spoken: spokenBy, body: bytes.map((data) => Buffer.from(data)) });

describe('a body', () => {
  it('of any bytes is answered as by the router', async () => {
    const ledgers = await start();
    const bodies = fc.oneof(spoilt, framed, anything);
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(60), async ({ spoken, body }, cut) => {
        // Which of two wrong frames the router tells of depends on how they arrive.
        const at = spoken.isFramed ? 0 : cut;
        const pieces = [body.subarray(0, at), body.subarray(at)];
        const request = { ...keyed(ledgers, spoken, body), body: pieces };
        const { fast, stock } = await ledgers.ask(request);
        expect(fast).toEqual(stock);
        expect(fast.status).toBeDefined();
      }),
      { numRuns: 300 },
    );
    const bugsOf = ({ stub }: TwoLedgers['fast']) =>
      stub.lines().filter(({ level }) => Number(level) >= 50);
    expect(bugsOf(ledgers.fast)).toHaveLength(bugsOf(ledgers.stock).length);
  });
});

describe.each(allSpoken)('a caller of $contentType over $version', (spoken) => {
  const body = Buffer.from(carry(spoken, encode(spoken, creditRequest)));

  it('who goes at any time leaves one line in the log, and a server that goes on', async () => {
    const ledgers = await start();
    const { baseUrl } = ledgers.fast;
    const plain = keyed(ledgers, spoken, body);
    for (const length of [0, 1, 4, 5, 9, body.length - 1, body.length]) {
      const pieces = length === 0 ? [] : [body.subarray(0, length)];
      await callRaw(baseUrl, { ...plain, body: pieces, ending: 'reset' });
    }
    expect((await callRaw(baseUrl, plain)).status).toBe(200);
    await expect.poll(() => endsOf(ledgers)).toContain('ok');
    expect(endsOf(ledgers).length).toBeLessThanOrEqual(8);
  });

  it('who goes while a command waits has it given up', async () => {
    const waiting = Promise.withResolvers<void>();
    let leaving: Parameters<Engine['submit']>[2];
    const submit: Engine['submit'] = (_book, _command, signal) => {
      leaving = signal;
      waiting.resolve();
      return new Promise(() => undefined);
    };
    const ledgers = await start({ submit });
    const request = keyed(ledgers, spoken, body);
    const gone = callRaw(ledgers.fast.baseUrl, { ...request, ending: 'end', goesWhen: waiting });
    await expect.poll(() => leaving?.aborted).toBe(true);
    expect(leaving?.reason).toMatchObject({ rawMessage: 'The caller has gone.' });
    await gone;
    await expect.poll(() => endsOf(ledgers)).toEqual(['canceled']);
  });

  it('who never ends a body does not hold up a stop', async () => {
    const ledgers = await start({ limits: { graceMs: 50 } });
    const request = keyed(ledgers, spoken, body.subarray(0, 3));
    const open = callRaw(ledgers.fast.baseUrl, { ...request, ending: 'open' });
    const startedAtMs = performance.now();
    await ledgers.fast.stub.ledger.close();
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
    expect((await open).status).toBeUndefined();
  });
});

describe('a message that its caller cut off', () => {
  const whole = { ...creditRequest, metadata: { told: 'to the end' } };

  it.each(allSpoken)('is never taken for a whole one: $contentType, $version', async (spoken) => {
    const seen: unknown[] = [];
    const submit: Engine['submit'] = async (_book, command) => {
      seen.push(command);
      return credited;
    };
    const ledgers = await start({ submit });
    const { isJson } = spoken;
    const part = isJson ? encode(spoken, whole).subarray(0, -1) : encode(spoken, creditRequest);
    const cut = carry(spoken, encode(spoken, whole)).subarray(0, part.length + 5);
    const pieces = [spoken.isFramed ? cut : part];
    const request = { ...keyed(ledgers, spoken, part), body: pieces, ending: 'reset' } as const;
    for (let i = 0; i < 20; i++) await callRaw(ledgers.fast.baseUrl, request);
    const last: RawAnswer = await callRaw(
      ledgers.fast.baseUrl,
      keyed(ledgers, spoken, carry(spoken, encode(spoken, whole))),
    );
    expect(last.status).toBe(200);
    expect(seen).toHaveLength(1);
  });
});
