// What the log writes, and what it leaves out.

import { expect, it } from 'vitest';
import { createLog } from './log.ts';

function capture(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  write(createLog({ level: 'info', stream }));
  return lines.join('');
}

it('writes one JSON object a line with an ISO instant', () => {
  const text = capture((log) => log.info({ port: 7410 }, 'ready'));
  expect(JSON.parse(text)).toMatchObject({ port: 7410, msg: 'ready', level: 30 });
  expect(text).toMatch(/"time":"\d{4}-\d\d-\d\dT[\d:.]+Z"/);
});

it('is silent below its level', () => {
  expect(capture((log) => log.debug('detail'))).toBe('');
});

it('leaves out keys and authorizations, also within headers', () => {
  const headers = { authorization: 'Bearer hunter2', 'x-api-key': 'hunter2' };
  const secrets = { apiKey: 'hunter2', api_key: 'hunter2', databaseUrl: 'postgres://hunter2@db' };
  const text = capture((log) => log.info({ ...secrets, headers, request: { headers } }, 'called'));
  expect(text).not.toContain('hunter2');
  expect(text.match(/\[left out\]/g)).toHaveLength(7);
});
