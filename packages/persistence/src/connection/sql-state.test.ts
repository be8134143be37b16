// What errors of the driver mean.
import { describe, expect, it } from 'vitest';
import { faultOf, isSurelyAborted } from './sql-state.ts';

describe('the fault of an error', () => {
  it.each([
    ['22003', 'content'],
    ['22021', 'content'],
    ['23505', 'content'],
    ['40001', 'collision'],
    ['40P01', 'collision'],
    ['55P03', 'collision'],
    ['57014', 'collision'],
    ['25P03', 'collision'],
    ['25P02', 'collision'],
    ['57P01', 'unavailable'],
    ['57P03', 'unavailable'],
    ['53300', 'unavailable'],
    ['25006', 'unavailable'],
    ['08006', 'unavailable'],
    ['3D000', 'unavailable'],
    ['28P01', 'unavailable'],
  ])('of %s is %s', (code, fault) => {
    expect(faultOf({ code })).toBe(fault);
  });

  it('is unavailable when the connection failed', () => {
    expect(faultOf(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe(
      'unavailable',
    );
    expect(faultOf(new Error('Connection terminated unexpectedly'))).toBe('unavailable');
    expect(faultOf(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toBe('unavailable');
  });
});

describe('an answer to COMMIT', () => {
  it('proves an abort only when the server says so and lives on', () => {
    expect(isSurelyAborted({ code: '40001', severity: 'ERROR' })).toBe(true);
    expect(isSurelyAborted({ code: '23505', severity: 'ERROR' })).toBe(true);
    expect(isSurelyAborted({ code: '57P01', severity: 'FATAL' })).toBe(false);
    expect(isSurelyAborted({ code: '40003', severity: 'ERROR' })).toBe(false);
    expect(isSurelyAborted({ code: '57014', severity: 'ERROR' })).toBe(false);
    expect(isSurelyAborted(new Error('Connection terminated unexpectedly'))).toBe(false);
  });
});
