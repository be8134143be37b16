// The text is what Prometheus reads, and gauges are read when it is asked for.
import { describe, expect, it } from 'vitest';
import { createMetrics, metricsContentType } from './metrics.ts';

describe('metrics', () => {
  it('add up counters by label', async () => {
    const metrics = createMetrics();
    const count = metrics.counter({ name: 'calls_total', help: 'Calls.', labels: ['code'] });
    count({ code: 'ok' });
    count({ code: 'ok' }, 2);
    count({ code: 'aborted' });
    const text = await metrics.text();
    expect(text).toContain('# HELP calls_total Calls.\n# TYPE calls_total counter\n');
    expect(text).toContain('\ncalls_total{code="ok"} 3\n');
    expect(text).toContain('\ncalls_total{code="aborted"} 1\n');
  });

  it('put values into the buckets at or above them', async () => {
    const metrics = createMetrics();
    const naming = { name: 'wait_seconds', help: 'Waits.', labels: [], buckets: [0.1, 1] };
    const observe = metrics.histogram(naming);
    for (const value of [0.1, 0.5, 7]) observe({}, value);
    const text = await metrics.text();
    expect(text).toContain('wait_seconds_bucket{le="0.1"} 1\n');
    expect(text).toContain('wait_seconds_bucket{le="1"} 2\n');
    expect(text).toContain('wait_seconds_bucket{le="+Inf"} 3\n');
    expect(text).toContain('wait_seconds_sum 7.6\n');
    expect(text).toContain('wait_seconds_count 3\n');
  });

  it('read gauges when they are asked for, and forget what is not told any more', async () => {
    const metrics = createMetrics();
    let value = 1;
    metrics.gauge({ name: 'waiting', help: 'Waiting.', labels: ['role'] }, () => [
      { labels: { role: `r${value}` }, value },
    ]);
    expect(await metrics.text()).toContain('\nwaiting{role="r1"} 1\n');
    value = 2;
    const text = await metrics.text();
    expect(text).toContain('\nwaiting{role="r2"} 2\n');
    expect(text).not.toContain('r1');
  });

  it('leave out a gauge that cannot be read, and tell the rest', async () => {
    const metrics = createMetrics();
    const naming = { name: 'open_count', help: 'Open.', labels: [] };
    metrics.gauge(naming, () => Promise.reject(new Error('nobody knows')));
    metrics.counter({ name: 'calls_total', help: 'Calls.', labels: [] })({});
    const text = await metrics.text();
    expect(text).not.toMatch(/^open_count /m);
    expect(text).toContain('\ncalls_total 1\n');
  });

  it('tell about the process and stand apart from each other', async () => {
    const metrics = createMetrics();
    createMetrics().counter({ name: 'other_total', help: 'Other.', labels: [] });
    const text = await metrics.text();
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(text).not.toContain('other_total');
    expect(metricsContentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('time in seconds', () => {
    const elapsedSeconds = createMetrics().startTimer();
    const first = elapsedSeconds();
    expect(first).toBeGreaterThanOrEqual(0);
    expect(elapsedSeconds()).toBeGreaterThanOrEqual(first);
    expect(first).toBeLessThan(1);
  });
});
