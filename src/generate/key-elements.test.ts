import assert from 'node:assert/strict';
import type { GeneratedElement } from '../api/element.ts';
import { keyElements } from './key-elements.ts';

const elements = (keys: string[]): GeneratedElement[] =>
  keys.map((key, index) => ({ element: { key }, index, generator: 0, generatorName: 'list' }));
const keyOf = (keys: string[]) =>
  keyElements(elements(keys), ({ element }) => String(element['key'])).map(({ key }) => key);

describe('keyElements', () => {
  it('gives each element its key', () => assert.deepEqual(keyOf(['a', 'b']), ['a', 'b']));
  const refused: [string[], RegExp][] = [
    [['a', 'b', 'a'], /spec.elementKey is "a" for both element 0 and element 2/],
    [['a', ' '], /is empty for element 1/],
    [['a', '<no value>'], /holds <no value> for element 1/],
    [['apps/<no value>'], /holds <no value> for element 0/],
    [['%!s(<nil>)'], /holds <nil> for element 0/],
    [['x'.repeat(254)], /is longer than 253 for element 0/],
  ];
  for (const [keys, message] of refused) {
    it(`refuses keys: ${message.source}`, () => assert.throws(() => keyOf(keys), { name: 'Error', message }));
  }
});
