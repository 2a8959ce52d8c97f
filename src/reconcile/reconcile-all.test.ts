import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { loadedSet } from '../../test/harness/sets.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { Outcome } from './reconcile.ts';
import { reconcileAll } from './reconcile-all.ts';

const outcome: Outcome = {
  plan: { changes: [], digest: 'sha256:x' },
  delivered: false,
  elements: [],
  decisions: [],
};

/** Which sets were under way together. */
function watch() {
  const underWay = new Set<string>();
  const together: string[] = [];
  const reconcileSet = async ({ set }: LoadedSet): Promise<Outcome> => {
    underWay.add(set.metadata.name);
    together.push([...underWay].sort().join('+'));
    await delay(5);
    underWay.delete(set.metadata.name);
    return outcome;
  };
  return { together, reconcileSet };
}

describe('reconcileAll', () => {
  it('runs sets side by side, so that a slow source delays nobody', async () => {
    const { together, reconcileSet } = watch();
    await reconcileAll([loadedSet('a'), loadedSet('b')], reconcileSet, () => {});
    assert.ok(together.includes('a+b'));
  });

  it('lets no failure stop the others, and gives results in the order of the sets', async () => {
    const fail = async ({ set }: LoadedSet) =>
      set.metadata.name === 'a' ? Promise.reject(new Error('down')) : outcome;
    const reported: string[] = [];
    const results = await reconcileAll([loadedSet('a'), loadedSet('b')], fail, ({ loaded }) => {
      reported.push(loaded.set.metadata.name);
    });
    assert.deepEqual(
      results.map(({ error }) => error?.message),
      ['down', undefined],
    );
    assert.deepEqual(reported.sort(), ['a', 'b']);
  });

  it('skips a suspended set', async () => {
    const never = async (): Promise<Outcome> => assert.fail('must not run');
    const [result] = await reconcileAll([loadedSet('a', { suspend: true })], never, () => {});
    assert.equal(result?.suspended, true);
  });
});
