// Posting through the engine alone, on a durable PostgreSQL: no protocol, no second process.
import { performance } from 'node:perf_hooks';
import { eventCodec } from '@scrip/codec';
import { createEngine } from '@scrip/engine';
import { parseCreateAccount, parsePostOneSided, type Command, type Parsed } from '@scrip/kernel';
import { openDatabase } from '@scrip/persistence';
import { randomSecret } from '@scrip/runtime';
import { createTestDatabase, type TestCluster } from '@scrip/testkit';

/** How to load the engine. */
export interface EngineLoad {
  readonly accountCount: number;
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
}

/** Durable posts a second with so many callers, each waiting for its answer. */
export async function measureEngine(cluster: TestCluster, load: EngineLoad): Promise<number> {
  const { connection, drop } = await createTestDatabase(cluster.connection);
  const database = await openDatabase({ connection, codec: eventCodec, allowUnsafe: false });
  try {
    await database.checkServer();
    await database.migrate();
    const storeId = 'sto_Bench000001';
    const idKeys = { test: randomSecret(32), prod: randomSecret(32) };
    await database.stores.create({ storeId, name: 'bench', idKeys });
    const book = await database.stores.findBook(storeId, 'test');
    if (book === undefined) throw new Error('The store has no book.');
    const engine = createEngine({ journal: database.journal, codec: eventCodec });
    const submit = (command: Parsed<Command>) => {
      if (command.kind === 'refused') throw new Error(command.message);
      return engine.submit(book, command.value);
    };
    const posts = await postInLoops(submit, load);
    await engine.close();
    return posts;
  } finally {
    await database.close();
    await drop();
  }
}

async function postInLoops(
  submit: (command: Parsed<Command>) => Promise<{ readonly kind: string }>,
  load: EngineLoad,
): Promise<number> {
  const externalIds = Array.from({ length: load.accountCount }, (_, i) => `account ${i}`);
  await Promise.all(
    externalIds.map((externalId) =>
      submit(parseCreateAccount({ customerId: 'c', externalId, name: externalId })),
    ),
  );
  const measuredFrom = performance.now() + load.warmUpMs;
  const until = measuredFrom + load.durationMs;
  let postCount = 0;
  const caller = async (index: number): Promise<void> => {
    for (let call = 0; performance.now() < until; call++) {
      const startedAt = performance.now();
      const externalId = externalIds[(index * 7_919 + call) % externalIds.length] ?? '';
      const outcome = await submit(
        parsePostOneSided('credit', {
          account: { kind: 'external_id', externalId },
          amount: '1',
          reference: 'bench',
          idempotencyKey: `${index} ${call}`,
        }),
      );
      if (outcome.kind !== 'accepted') throw new Error('A post was not accepted.');
      if (startedAt >= measuredFrom) postCount++;
    }
  };
  await Promise.all(Array.from({ length: load.inFlight }, (_, index) => caller(index)));
  return (postCount / load.durationMs) * 1_000;
}
