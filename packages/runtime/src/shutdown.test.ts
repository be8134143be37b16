// The order, the bound and the exit codes of a graceful stop.

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLog } from './log.ts';
import { createShutdown } from './shutdown.ts';

function setUp(graceMs = 5_000) {
  const exit = vi.fn<(code: number) => void>();
  const done: string[] = [];
  const log = createLog({ level: 'silent' });
  return { shutdown: createShutdown({ log, graceMs, exit }), exit, done };
}

function obeySignals(shutdown: ReturnType<typeof setUp>['shutdown']): void {
  const before = new Set(process.rawListeners('SIGTERM'));
  shutdown.obeySignals();
  onTestFinished(() => {
    const added = process.listeners('SIGTERM').filter((listener) => !before.has(listener));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      for (const listener of added) process.off(signal, listener);
    }
  });
}

describe('a graceful stop', () => {
  it('runs the steps one after another, the last added first', async () => {
    const { shutdown, exit, done } = setUp();
    shutdown.add({ name: 'database', run: () => void done.push('database') });
    const slow = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      done.push('server');
    };
    shutdown.add({ name: 'server', run: slow });
    await expect(shutdown.stop({ reason: 'test' })).resolves.toBe(0);
    expect(done).toEqual(['server', 'database']);
    expect(exit).toHaveBeenCalledExactlyOnceWith(0);
  });

  it('happens once, whoever asks again', async () => {
    const { shutdown, exit, done } = setUp();
    shutdown.add({ name: 'part', run: () => void done.push('part') });
    const stops = ['first', 'second'].map((reason) => shutdown.stop({ reason }));
    expect(await Promise.all(stops)).toEqual([0, 0]);
    expect(done).toEqual(['part']);
    expect(exit).toHaveBeenCalledOnce();
  });

  it('aborts the signal before the first step', async () => {
    const { shutdown, done } = setUp();
    shutdown.add({ name: 'part', run: () => void done.push(String(shutdown.signal.aborted)) });
    await shutdown.stop({ reason: 'test' });
    expect(done).toEqual(['true']);
  });

  it('goes on after a step that fails, and ends with 1', async () => {
    const { shutdown, done } = setUp();
    shutdown.add({ name: 'database', run: () => void done.push('database') });
    shutdown.add({ name: 'server', run: () => Promise.reject(new Error('no')) });
    await expect(shutdown.stop({ reason: 'test' })).resolves.toBe(1);
    expect(done).toEqual(['database']);
  });

  it('forces what is left when the grace time is over, and ends with 1', async () => {
    const { shutdown, done } = setUp(20);
    const force = () => void done.push('forced');
    shutdown.add({ name: 'database', run: () => void done.push('database'), force });
    shutdown.add({ name: 'stuck', run: () => new Promise(() => undefined) });
    await expect(shutdown.stop({ reason: 'test' })).resolves.toBe(1);
    expect(done).toEqual(['forced']);
  });

  it('keeps the exit code that it is asked for', async () => {
    const { shutdown } = setUp();
    await expect(shutdown.stop({ reason: 'lost database', exitCode: 1 })).resolves.toBe(1);
  });
});

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s stops and ends with 0', async (signal) => {
    const { shutdown, exit } = setUp();
    obeySignals(shutdown);
    process.emit(signal, signal);
    await expect.poll(() => exit.mock.calls).toEqual([[0]]);
  });

  it('force the stop when a second one comes', async () => {
    const { shutdown, exit, done } = setUp();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000);
    onTestFinished(() => clock.mockRestore());
    const never = () => new Promise<void>(() => undefined);
    shutdown.add({ name: 'stuck', run: never, force: () => void done.push('forced') });
    obeySignals(shutdown);
    process.emit('SIGINT', 'SIGINT');
    clock.mockReturnValue(1_200);
    process.emit('SIGINT', 'SIGINT');
    expect(exit).not.toHaveBeenCalled();
    clock.mockReturnValue(2_000);
    process.emit('SIGTERM', 'SIGTERM');
    expect(exit).toHaveBeenCalledExactlyOnceWith(143);
    expect(done).toEqual(['forced']);
  });
});
