import assert from 'node:assert/strict';
import type { Resource } from '../api/resource.ts';
import { applyMode, isKept, mayReplace } from './steering.ts';

describe('annotations', () => {
  const resource = (annotations?: Record<string, string>): Resource => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', ...(annotations && { annotations }) },
  });

  for (const [value, mode] of [
    ['Merge', 'Merge'],
    ['ifnotpresent', 'IfNotPresent'],
    ['IGNORE', 'Ignore'],
    ['Override', 'Override'],
  ] as const) {
    it(`generatorset.dev/ssa: ${value} means ${mode}`, () => {
      assert.equal(applyMode(resource({ 'generatorset.dev/ssa': value })), mode);
    });
  }

  it('are not needed', () => {
    assert.equal(applyMode(resource()), 'Override');
    assert.equal(applyMode(resource({})), 'Override');
    assert.deepEqual([mayReplace(resource()), isKept(undefined), isKept({})], [false, false, false]);
  });

  for (const value of ['', 'Ignored', 'constructor']) {
    it(`generatorset.dev/ssa: ${JSON.stringify(value)} is refused`, () => {
      assert.throws(
        () => applyMode(resource({ 'generatorset.dev/ssa': value })),
        /is none of Override, Merge/,
      );
    });
  }

  it('let an object be replaced, and keep it', () => {
    assert.equal(mayReplace(resource({ 'generatorset.dev/force': 'Enabled' })), true);
    assert.equal(mayReplace(resource({ 'generatorset.dev/force': 'true' })), false);
    assert.equal(isKept({ 'generatorset.dev/prune': 'Disabled' }), true);
    assert.equal(isKept({ 'generatorset.dev/prune': 'enabled' }), false);
  });
});
