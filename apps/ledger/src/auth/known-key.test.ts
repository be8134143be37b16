// How long a stored key may be remembered.
import { describe, expect, it } from 'vitest';
import { rememberKeys, type KnownKey } from './known-key.ts';

const digest = new Uint8Array([1, 2, 3]);
const good: KnownKey = { id: 'key_1', scopes: [] };

function createSetting() {
  const setting = { nowMs: 0, asked: 0, key: good as KnownKey | undefined, fails: false };
  const find = rememberKeys(
    async () => {
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
    await find(digest);
    setting.nowMs = 499;
    expect(await find(digest)).toBe(good);
    expect(setting.asked).toBe(1);
  });

  it('are refused half a second after they were revoked, at the latest', async () => {
    const { setting, find } = createSetting();
    await find(digest);
    setting.key = { ...good, revokedAt: 5 };
    setting.nowMs = 500;
    expect(await find(digest)).toBeUndefined();
  });

  it('are asked for anew when they were unknown', async () => {
    const { setting, find } = createSetting();
    setting.key = undefined;
    expect(await find(digest)).toBeUndefined();
    setting.key = good;
    expect(await find(digest)).toBe(good);
  });

  it('are asked for anew after a failure', async () => {
    const { setting, find } = createSetting();
    setting.fails = true;
    await expect(find(digest)).rejects.toThrow('away');
    setting.fails = false;
    expect(await find(digest)).toBe(good);
  });
});
