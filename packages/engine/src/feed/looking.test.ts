// One look at a time, and one more for whoever asked meanwhile.
import { expect, it } from 'vitest';
import { createLooking } from './looking.ts';

it('looks again for whoever asked while a look was under way', async () => {
  const looks: PromiseWithResolvers<void>[] = [];
  const looking = createLooking(() => {
    const look = Promise.withResolvers<void>();
    looks.push(look);
    return look.promise;
  });
  const done: string[] = [];
  const note = (name: string, fresh: Promise<void>) =>
    fresh.then(
      () => done.push(name),
      () => done.push(`${name} fails`),
    );
  const first = note('first', looking.fresh());
  const second = note('second', looking.fresh());
  const third = note('third', looking.fresh());
  expect(looks).toHaveLength(1);
  looks[0]?.resolve();
  await first;
  expect(done).toEqual(['first']);
  expect(looks).toHaveLength(2);
  looking.nudge();
  looks[1]?.reject(new Error('a look that fails'));
  await Promise.all([second, third]);
  expect(done).toEqual(['first', 'second fails', 'third fails']);
  expect(looks).toHaveLength(3);
});
