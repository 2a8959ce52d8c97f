import assert from 'node:assert/strict';
import { Fights } from './fights.ts';

const MINUTE = 60_000;

describe('Fights', () => {
  const fightsAt = (...minutes: number[]): Fights => {
    const fights = new Fights();
    for (const minute of minutes) fights.note('a', 'text', minute * MINUTE);
    return fights;
  };

  for (const [minutes, now, expected] of [
    [[], 0, false],
    [[0, 1], 1, false],
    [[0, 1, 2], 2, true],
    [[0, 1, 2], 11.9, true],
    [[0, 1, 2], 12, false],
    [[0, 6, 11], 11, false],
    [[0, 6, 9.9], 10, true],
    [[0, 11, 22, 33, 44], 44, false],
  ] as const) {
    it(`are ${expected ? '' : 'not '}seen at minute ${now} after rewrites at ${minutes.join(', ') || 'no time'}`, () => {
      assert.equal(fightsAt(...minutes).isFighting('a', 'text', now * MINUTE), expected);
    });
  }

  it('begin anew after a rest', () => {
    const fights = fightsAt(0, 1, 2);
    assert.equal(fights.isFighting('a', 'text', 12 * MINUTE), false);
    fights.note('a', 'text', 12 * MINUTE);
    assert.equal(fights.isFighting('a', 'text', 12 * MINUTE), false);
  });

  it('are about one text of one object', () => {
    const fights = fightsAt(0, 1, 2);
    assert.equal(fights.isFighting('a', 'other', 2 * MINUTE), false);
    assert.equal(fights.isFighting('b', 'text', 2 * MINUTE), false);
    fights.forget('a');
    assert.equal(fights.isFighting('a', 'text', 2 * MINUTE), false);
  });

  it('ask for the rival once', async () => {
    const fights = fightsAt(0, 1, 2);
    let asked = 0;
    const ask = async () => `rival ${++asked}`;
    assert.deepEqual([await fights.rival('a', ask), await fights.rival('a', ask)], ['rival 1', 'rival 1']);
  });
});
