// A history file gives back what was put into it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Operation } from './operation.ts';
import { createRecorder, openHistory } from './recorder.ts';

it('gives back what was recorded, line by line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scrip-history-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'history');
  const head = { version: 2, run: 'f1-0', seed: 1, baseSequence: 7 } as const;
  const operations: readonly Operation[] = [
    {
      client: 3,
      id: 1,
      method: 'GetHead',
      invokedUs: 10,
      returnedUs: 20,
      outcome: 'ok',
      replay: true,
      sequence: 7,
      apiKeyId: 'key_1',
      requestText: '{}',
      answerText: JSON.stringify({ text: 'tab\tand\nline' }),
    },
    {
      client: -1,
      id: 2,
      method: 'Credit',
      invokedUs: 11,
      returnedUs: 21,
      outcome: 'unknown',
      replay: false,
      sequence: undefined,
      apiKeyId: '',
      requestText: '{"amount":"1"}',
      answerText: '{}',
    },
  ];
  const recorder = createRecorder(path, head);
  for (const operation of operations) recorder.append(operation);
  recorder.close();
  const history = await openHistory(path);
  expect(history.head).toEqual(head);
  expect(await Array.fromAsync(history.operations)).toEqual(operations);
});
