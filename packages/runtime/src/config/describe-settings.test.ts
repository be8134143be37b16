// The list of settings as people see it.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeFlags, settingsTable } from './describe-settings.ts';
import { formatAddress, parseAddress } from './address.ts';
import { settingKeys, settings } from './settings.ts';

describe('the list of settings', () => {
  it('gives every setting a flag that names its variable', () => {
    const helps = describeFlags().map(({ help }) => help);
    expect(helps).toHaveLength(settingKeys.length);
    settingKeys.forEach((key, index) => expect(helps[index]).toContain(settings[key].env));
  });

  it('is the table in the README', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(settingsTable());
  });
});

describe('an address', () => {
  it.each(['127.0.0.1:0', 'localhost:65535', '[::1]:7410'])('is written as read: %s', (text) => {
    const address = parseAddress(text);
    expect(address && formatAddress(address)).toBe(text);
  });
});
