import assert from 'node:assert/strict';
import { rendered } from '../../test/harness/plan.ts';
import { loadedSet } from '../../test/harness/sets.ts';
import { checkAncestry } from './check-ancestry.ts';

const OWNED = { 'generatorset.dev/name': 'mother', 'generatorset.dev/namespace': 'team' };

function check(labels: Record<string, string>, apiVersion: string, kind: string): void {
  const { set } = loadedSet('child');
  const resources = [
    rendered({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'team' } }),
    rendered({ apiVersion, kind, metadata: { name: 'b', namespace: 'team' } }),
  ];
  checkAncestry({ ...set, metadata: { ...set.metadata, labels } }, resources);
}

describe('checkAncestry', () => {
  const allowed: [string, Record<string, string>, string, string][] = [
    ['a set of a set that nobody has made', {}, 'generatorset.dev/v1alpha1', 'GeneratorSet'],
    ['a set whose own labels are of no account', { team: 'a' }, 'generatorset.dev/v1alpha1', 'GeneratorSet'],
    ['anything else of a set that a set has made', OWNED, 'v1', 'Secret'],
    ['a GeneratorSet of somebody else', OWNED, 'example.com/v1', 'GeneratorSet'],
  ];
  for (const [what, ...args] of allowed) it(`allows ${what}`, () => check(...args));

  for (const version of ['v1alpha1', 'v1']) {
    it(`refuses a set in ${version} of a set that a set has made`, () => {
      assert.throws(() => check(OWNED, `generatorset.dev/${version}`, 'GeneratorSet'), {
        name: 'StalledError',
        reason: 'BuildFailed',
        message: /GeneratorSet\/team\/b would be the set of a set that GeneratorSet\/team\/mother has made/,
      });
    });
  }

  it('knows a set that a set has made by either label', () => {
    for (const label of Object.keys(OWNED)) {
      const labels = { [label]: 'x' };
      assert.throws(
        () => check(labels, 'generatorset.dev/v1alpha1', 'GeneratorSet'),
        /only a set that nobody/,
      );
    }
  });
});
