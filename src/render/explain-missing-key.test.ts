import assert from 'node:assert/strict';
import { explainMissingKey } from './explain-missing-key.ts';

const missing = (key: string) => `map has no entry for key "${key}"`;

describe('explainMissingKey', () => {
  const explained: [key: string, element: object | undefined, hint: string][] = [
    ['n', { false: 1 }, 'YAML reads the key n without quotes as false, so write "n": in the file'],
    [
      'Yes',
      { a: [{ true: 1 }] },
      'YAML reads the key Yes without quotes as true, so write "Yes": in the file',
    ],
    ['off', undefined, 'YAML reads the key off without quotes as false, so write "off": in the file'],
  ];
  for (const [key, element, hint] of explained) {
    it(`says what became of ${key}`, () => assert.equal(explainMissingKey(missing(key), element), hint));
  }

  const others: [why: string, reason: string, element: object | undefined][] = [
    ['a key that YAML leaves alone', missing('no1'), undefined],
    ['a spelling that YAML leaves alone', missing('yEs'), undefined],
    ['an element that has no such key', missing('n'), { true: 1, a: [{ b: 'false' }] }],
    ['another error', 'wrong number of args for "n"', undefined],
  ];
  for (const [why, reason, element] of others) {
    it(`says nothing for ${why}`, () => assert.equal(explainMissingKey(reason, element), undefined));
  }

  it('looks at no more than some of a large element', () => {
    let deep: object = { false: 1 };
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    assert.equal(explainMissingKey(missing('n'), deep), undefined);
  });
});
