import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NotLeaderError } from './cluster-client.ts';
import { OutwaitedError, permitWrite } from './cluster-client-fence.ts';

describe('permitWrite', () => {
  const times: [number | undefined, number, number][] = [
    [undefined, 30_000, 30],
    [undefined, 29_999.5, 30],
    [undefined, 100, 1],
    [60_000, 30_000, 30],
    [30_000, 30_000, 29],
    [5900, 30_000, 4],
    [1500, 30_000, 1],
    [10_000, 3000, 3],
  ];
  for (const [left, timeout, seconds] of times) {
    it(`tells ${seconds} s to the server for ${timeout} ms when ${left ?? 'any number of'} ms are allowed`, () => {
      assert.equal(permitWrite(left === undefined ? undefined : () => left, timeout).seconds, seconds);
    });
  }

  it('asks the fence again at the last moment', () => {
    let left = 10_000;
    const permit = permitWrite(() => left, 30_000);
    left = 9000;
    assert.equal(permit.permit?.().left, 9000);
    left = 8999;
    assert.throws(() => permit.permit?.(), OutwaitedError);
    left = 999;
    assert.throws(() => permit.permit?.(), NotLeaderError);
  });

  it('passes on what the fence throws', () => {
    const fence = () => {
      throw new NotLeaderError();
    };
    assert.throws(() => permitWrite(fence, 30_000), NotLeaderError);
  });

  it('never lets the server go on for longer than writing is allowed', () => {
    const milliseconds = fc.double({ min: -10_000, max: 100_000, noNaN: true });
    fc.assert(
      fc.property(
        milliseconds,
        milliseconds,
        fc.integer({ min: 1, max: 60_000 }),
        (before, later, timeout) => {
          let left = before;
          const permit = permitWrite(() => left, timeout);
          left = later;
          try {
            const limit = permit.permit?.();
            assert.ok(limit && limit.left === later && permit.seconds * 1000 <= later);
          } catch (error) {
            if (!(error instanceof OutwaitedError || error instanceof NotLeaderError)) throw error;
            assert.ok(later < permit.seconds * 1000);
          }
        },
      ),
    );
  });
});
