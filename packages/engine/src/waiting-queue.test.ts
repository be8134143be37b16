// What one flush takes is bounded in commands and in entries.
import type { Command } from '@scrip/kernel';
import { expect, it } from 'vitest';
import { createWaitingQueue } from './waiting-queue.ts';

const credit = { kind: 'credit' } as Extract<Command, { kind: 'credit' | 'debit' }>;
const reversal = { kind: 'reverse_transaction' } as Command;

it('takes at most a thousand commands at once, in the order of arrival', () => {
  const queue = createWaitingQueue();
  for (let i = 0; i < 1_500; i++) void queue.add(groupOf({ ...credit, idempotencyKey: `${i}` }));
  const first = queue.take();
  expect(first).toHaveLength(1_000);
  expect(first[0]?.commands[0]?.idempotencyKey).toBe('0');
  expect(queue.take()[0]?.commands[0]?.idempotencyKey).toBe('1000');
});

it('takes no further group once it has enough, and never more than a thousand commands', () => {
  const queue = createWaitingQueue();
  for (let i = 0; i < 1_500; i++) void queue.add(groupOf(credit));
  expect(queue.take(1_200)).toHaveLength(1_000);
  expect(queue.take(32)).toHaveLength(32);
  expect(queue.commandCount()).toBe(468);
});

it('takes at most so many entries at once, and a first group in any case', () => {
  const queue = createWaitingQueue();
  const big = { kind: 'post_transaction', entries: Array(100).fill({}) } as unknown as Command;
  for (let i = 0; i < 60; i++) void queue.add(groupOf(big));
  expect(queue.take()).toHaveLength(40);
  expect(queue.take()).toHaveLength(20);
  void queue.add(groupOf(...Array<Command>(90).fill(big)));
  expect(queue.take()).toHaveLength(1);
});

it('counts a reversal as what it may have to undo', () => {
  const queue = createWaitingQueue();
  for (let i = 0; i < 500; i++) void queue.add(groupOf(reversal));
  expect(queue.take().length).toBeLessThan(500);
});

function groupOf(...commands: readonly Command[]) {
  return { commands, mode: 'independent' } as const;
}
