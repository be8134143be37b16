// How long a stored key may be remembered.
import { describe, expect, it } from 'vitest';
import { digestApiKey } from './api-key.ts';
import { rememberKeys, type KnownKey } from './known-key.ts';

const text = 'scrip_test_0123456789012345678901';
const good: KnownKey = { id: 'key_1', scopes: [] };

function createSetting() {
  const setting = { nowMs: 0, asked: 0, key: good as KnownKey | undefined, fails: false };
  const find = rememberKeys(
    async (digest) => {
      expect(digest).toEqual(digestApiKey(text));
      setting.asked++;
      if (setting.fails) throw new Error('away');
      return setting.key;
    },
    { nowMs: () => setting.nowMs },
  );
  return { setting, find };
}

describe('remembered keys', () => {
  it('are not asked for again within half a second', async () => {
    const { setting, find } = createSetting();
    await find(text);
    setting.nowMs = 499;
    expect(await find(text)).toBe(good);
    expect(setting.asked).toBe(1);
  });

  it('are told at once', async () => {
    const { find } = createSetting();
    await find(text);
    expect(find(text)).toBe(good);
  });

  it('are refused half a second after they were revoked, at the latest', async () => {
    const { setting, find } = createSetting();
    await find(text);
    setting.key = { ...good, revokedAt: 5 };
    setting.nowMs = 500;
    expect(await find(text)).toBeUndefined();
  });

  it('are asked for anew when they were unknown', async () => {
    const { setting, find } = createSetting();
    setting.key = undefined;
    expect(await find(text)).toBeUndefined();
    setting.key = good;
    expect(await find(text)).toBe(good);
  });

  it('are asked for anew after a failure', async () => {
    const { setting, find } = createSetting();
    setting.fails = true;
    await expect(find(text)).rejects.toThrow('away');
    setting.fails = false;
    expect(await find(text)).toBe(good);
  });
});
