import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nearest, suggest } from './suggest.ts';

describe('suggest', () => {
  const fields = [
    'interval',
    'suspend',
    'generators',
    'templates',
    'guard',
    'target',
    'apiClient',
    'gitDirectory',
    'url',
  ];
  const cases: [name: string, meant: string | undefined][] = [
    ['apiclient', 'apiClient'],
    ['api_client', 'apiClient'],
    ['api-client', 'apiClient'],
    ['intervall', 'interval'],
    ['intevral', 'interval'],
    ['generator', 'generators'],
    ['tempaltes', 'templates'],
    ['gitDirectories', 'gitDirectory'],
    ['uri', 'url'],
    ['tune', undefined],
    ['x', undefined],
    ['', undefined],
    ['schedule', undefined],
    ['a'.repeat(100_000), undefined],
  ];
  for (const [name, meant] of cases) {
    it(`takes ${JSON.stringify(name.slice(0, 20))} for ${meant}`, () =>
      assert.equal(suggest(name, fields), meant));
  }

  it('prefers the earlier of two that are equally near', () => {
    assert.equal(suggest('cats', ['bats', 'rats']), 'bats');
  });

  it('suggests nothing without candidates', () => assert.equal(suggest('interval', []), undefined));
});

describe('nearest', () => {
  const cases: [a: string, b: string, distance: number][] = [
    ['', '', 0],
    ['abc', '', 3],
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['abc', 'A-b_c', 0],
    ['abc', 'acb', 1],
    ['abc', 'xbc', 1],
    ['abc', 'abcd', 1],
    ['kitten', 'sitting', 3],
  ];
  for (const [a, b, distance] of cases) {
    it(`has "${a}" ${distance} away from "${b}"`, () =>
      assert.deepEqual(nearest(a, [b]), [{ text: b, distance }]));
  }

  it('gives all candidates once, the nearest first, and equal ones in their order', () => {
    const found = nearest('ab', ['zzz', 'b', 'ab', 'a', 'b']).map(({ text }) => text);
    assert.deepEqual(found, ['ab', 'b', 'a', 'zzz']);
  });

  it('is symmetric and never above the longer length', () => {
    const words = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });
    const distance = (a: string, b: string) => nearest(a, [b])[0]?.distance ?? Number.NaN;
    fc.assert(
      fc.property(words, words, (a, b) => {
        assert.equal(distance(a, b), distance(b, a));
        assert.ok(distance(a, b) <= Math.max(a.length, b.length));
      }),
    );
  });
});
