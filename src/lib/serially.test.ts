import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { serially } from './serially.ts';

describe('serially', () => {
  const log: string[] = [];
  const work = (key: string, name: string, fails = false) =>
    serially(key, async () => {
      log.push(`${name} begins`);
      await delay(5);
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
    });

  it('lets actions of one key follow each other, also after a failure, and others run beside them', async () => {
    await Promise.allSettled([work('x', 'a', true), work('x', 'b'), work('y', 'c')]);
    const at = (event: string): number => log.indexOf(event);
    assert.equal(log.length, 6);
    assert.ok(at('b begins') > at('a ends'), 'one after another');
    assert.ok(at('c begins') < at('a ends'), 'beside the others');
  });
});
