import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Origin } from './element.ts';
import { joinKeys, joinOrigins } from './join-origins.ts';

const early = '2026-01-01T00:00:00Z';
const late = '2026-01-01T00:00:00.500Z';

describe('joinOrigins', () => {
  const cases: readonly (readonly [title: string, origins: readonly Origin[], joined: Origin])[] = [
    ['knows nothing of nothing', [], {}],
    ['keeps the one that there is', [{ key: 'a/b', query: 'up' }], { key: 'a/b', query: 'up' }],
    ['joins keys where each has one', [{ key: 'a' }, { key: 'b' }], { key: 'a/b' }],
    ['has no key where one has none', [{ key: 'a' }, {}], {}],
    ['asks each query once', [{ query: 'up' }, { query: 'down' }, { query: 'up' }], { query: 'up; down' }],
    [
      'is as old as the oldest',
      [{ evaluated: late, sampled: early }, { evaluated: early, sampled: late }, {}],
      { evaluated: early, sampled: early },
    ],
    ['is secret where one is', [{}, { isSecret: true }, { isSecret: false }], { isSecret: true }],
  ];
  for (const [title, origins, joined] of cases)
    it(title, () => assert.deepEqual(joinOrigins(origins), joined));
});

describe('joinKeys', () => {
  it('gives other keys another text', () => {
    const keys = fc.array(fc.string({ unit: fc.constantFrom('a', '/', '\\') }), {
      minLength: 2,
      maxLength: 3,
    });
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        fc.pre(a.length === b.length && a.some((key, index) => key !== b[index]));
        assert.notEqual(joinKeys(a), joinKeys(b));
      }),
    );
  });

  it('cuts what is too long for a key, and keeps it apart from others', () => {
    const [a, b] = ['a', 'b'].map((end) => joinKeys(['x'.repeat(300), end]));
    assert.equal(a?.length, 253);
    assert.notEqual(a, b);
    assert.equal(joinKeys(['x'.repeat(253)]), 'x'.repeat(253));
    assert.ok(joinKeys(['\u{1f600}'.repeat(200)]).isWellFormed());
  });
});
