import assert from 'node:assert/strict';
import { EventLimit } from './event-limit.ts';

const MINUTE = 60_000;

describe('EventLimit', () => {
  let time = 0;
  let limit: EventLimit;
  beforeEach(() => {
    time = 12_345.678;
    limit = new EventLimit(() => time);
  });

  /** How many of so many a set gets at this moment. */
  const taken = (count: number, uid = 'u1') =>
    Array.from({ length: count }, () => limit.take(uid)).filter(Boolean).length;

  it('gives a set 25 at once, then one every five minutes, however often it asks', () => {
    assert.equal(taken(100), 25);
    let later = 0;
    for (let second = 1; second <= 3600; second++) {
      time += 1000;
      later += taken(3);
    }
    assert.equal(later, 12);
  });

  it('saves up no more than 25', () => {
    taken(30);
    time += 10 * MINUTE;
    assert.equal(taken(30), 2);
    time += 24 * 60 * MINUTE;
    assert.equal(taken(30), 25);
  });

  it('lets no set pay for another', () => {
    taken(100);
    assert.equal(taken(100, 'u2'), 25);
    assert.equal(taken(1), 0);
  });

  it('remembers 10,000 sets, and forgets the one that had no event for longest', () => {
    taken(25, 'quiet');
    taken(25, 'noisy');
    for (let n = 0; n < 9999; n++) {
      limit.take(`set-${n}`);
      if (n === 5000) assert.equal(taken(1, 'noisy'), 0);
    }
    assert.equal(taken(1, 'noisy'), 0);
    assert.equal(taken(30, 'quiet'), 25);
  });
});
