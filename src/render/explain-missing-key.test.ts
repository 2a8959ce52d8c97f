import assert from 'node:assert/strict';
import type { JsonObject } from '../lib/json.ts';
import { explainMissingKey } from './explain-missing-key.ts';

const toGenerated = (element?: object) => element && { element: element as JsonObject };
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
    it(`says what became of ${key}`, () =>
      assert.equal(explainMissingKey(missing(key), toGenerated(element)), hint));
  }

  const near: [key: string, element: object, meant: string | undefined][] = [
    ['valu', { metric: {}, value: 1 }, 'value'],
    ['limits', { limit: '1Gi' }, 'limit'],
    ['Elements', {}, 'Element'],
    ['element', { value: 1 }, 'Element'],
    ['team', { name: 'a', value: 1 }, undefined],
    ['vale', { 'v}} a': 1 }, undefined],
  ];
  for (const [key, element, meant] of near) {
    it(`${meant === undefined ? 'knows nothing like' : 'knows what is meant by'} ${key}`, () => {
      const hint = meant === undefined ? undefined : `did you mean "${meant}"?`;
      assert.equal(explainMissingKey(missing(key), toGenerated(element)), hint);
    });
  }

  it('tells no key of an element that came from a Secret', () => {
    const generated = { element: { token1: 1 }, isSecret: true };
    assert.equal(explainMissingKey(missing('token'), generated), undefined);
    assert.equal(
      explainMissingKey(missing('token'), { ...generated, isSecret: false }),
      'did you mean "token1"?',
    );
  });

  const others: [why: string, reason: string, element: object | undefined][] = [
    ['a key that YAML leaves alone', missing('no1'), undefined],
    ['a spelling that YAML leaves alone', missing('yEs'), undefined],
    ['an element that has no such key', missing('n'), { true: 1, a: [{ b: 'false' }] }],
    ['another error', 'wrong number of args for "n"', undefined],
  ];
  for (const [why, reason, element] of others) {
    it(`says nothing for ${why}`, () =>
      assert.equal(explainMissingKey(reason, toGenerated(element)), undefined));
  }

  it('looks at no more than some of a large element', () => {
    let deep: object = { false: 1 };
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    assert.equal(explainMissingKey(missing('n'), toGenerated(deep)), undefined);
  });
});
