import assert from 'node:assert/strict';
import { InvalidArgumentError } from 'commander';
import { parseSetName, parseSetNames } from './set-name.ts';

describe('parseSetName', () => {
  const names: [word: string, name: string][] = [
    ['memory', 'memory'],
    ['memory.v1-2', 'memory.v1-2'],
    ['gset/memory', 'memory'],
    ['GeneratorSet/memory', 'memory'],
    ['generatorset.generatorset.dev/memory', 'memory'],
    ['gset', 'gset'],
  ];
  for (const [word, name] of names) {
    it(`takes ${word} for ${name}`, () => assert.equal(parseSetName(word), name));
  }

  for (const word of [
    '',
    'a b',
    '../x',
    'Memory',
    'gset/',
    'gset/a/b',
    'kustomization/memory',
    'a'.repeat(254),
  ]) {
    it(`refuses ${JSON.stringify(word.slice(0, 30))}`, () => {
      assert.throws(() => parseSetName(word), InvalidArgumentError);
    });
  }

  it('is asked for each of several names', () => {
    assert.deepEqual(parseSetNames('gset/b', parseSetNames('a')), ['a', 'b']);
  });
});
