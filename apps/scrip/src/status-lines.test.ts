// What the status says, and when it is wrong.

import { describe, expect, it } from 'vitest';
import { statusLines, type Status } from './status-lines.ts';

const well: Status = {
  server: { address: '127.0.0.1:7480', state: 'ready', waitingCount: 3 },
  pending: [],
  database: {
    serverVersion: '18.4',
    sizeBytes: 12_300_000,
    connectionCount: 5,
    connectionCountMax: 100,
    books: [
      { storeId: 'sto_1', mode: 'prod', sequence: 0, eventsLastMinute: 0 },
      {
        storeId: 'sto_1',
        mode: 'test',
        sequence: 7,
        lastEventAt: 1_700_000_000_000 as never,
        eventsLastMinute: 2,
      },
    ],
  },
};

describe('the status', () => {
  it('tells of server, database and every book', () => {
    expect(statusLines(well)).toEqual({
      isWell: true,
      lines: [
        'server     127.0.0.1:7480 ready, 3 commands waiting',
        'database   PostgreSQL 18.4, 13 MB, 5 of 100 connections',
        'book       sto_1 prod sequence 0, empty',
        'book       sto_1 test sequence 7, ' +
          'last event 2023-11-14T22:13:20.000Z, 2 in the last minute',
      ],
    });
  });

  it.each(['not ready', 'does not answer'] as const)('is wrong when the server is %s', (state) => {
    const { isWell, lines } = statusLines({ ...well, server: { address: 'a', state } });
    expect(isWell).toBe(false);
    expect(lines[0]).toBe(`server     a ${state.toUpperCase()}`);
  });

  it('is wrong when a migration is missing, and names it', () => {
    const { isWell, lines } = statusLines({ ...well, pending: ['0002'], database: undefined });
    expect(isWell).toBe(false);
    expect(lines[1]).toBe('migration  0002 is MISSING; run scrip migrate');
  });
});
