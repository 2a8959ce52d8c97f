import assert from 'node:assert/strict';
import { Metrics } from './metrics.ts';
import { type StoredSet, storeSet } from './stored-set.ts';
import { followSets } from './watch-sets.ts';

const NAME = { namespace: 'apps', name: 'podinfo' };
const KEY = 'apps/podinfo';

function stored(uid: string, more: object = {}): StoredSet {
  return storeSet({ metadata: { ...NAME, uid, resourceVersion: uid, generation: 1, ...more } });
}

/** Follows sets, and notes what it tells whom. */
function following() {
  const said: string[] = [];
  const say = (what: string) => (about: unknown) => void said.push(`${what} ${about}`);
  const metrics = new Metrics();
  const follow = followSets({
    parts: {
      status: { seen: say('seen'), forget: say('forget status of') },
      checkpoint: { forget: say('forget run of') },
    },
    runtimes: { leave: say('leave') },
    queue: { add: say('add'), forget: say('forget delay of') },
    metrics,
  });
  const tell = (before: StoredSet | undefined, after: StoredSet | undefined): string[] => {
    follow(KEY, before, after);
    return said.splice(0);
  };
  const series = async (): Promise<string[]> => {
    const text = (await Array.fromAsync(metrics.metrics())).join('');
    return text.split('\n').filter((line) => line.includes('name="podinfo"'));
  };
  return { tell, metrics, series };
}

describe('followSets', () => {
  const queued = [`forget delay of ${KEY}`, `add ${KEY}`];

  for (const { what, before, after, expected } of [
    { what: 'a set has come', after: stored('1'), expected: ['seen 1', ...queued] },
    { what: 'only its status has changed', before: stored('1'), after: stored('1'), expected: ['seen 1'] },
    {
      what: 'its spec has changed',
      ...{ before: stored('1'), after: stored('1', { generation: 2 }), expected: ['seen 1', ...queued] },
    },
    {
      what: 'it is being deleted',
      before: stored('1'),
      after: stored('1', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      expected: ['seen 1', `leave ${KEY}`, ...queued],
    },
    {
      what: 'it is gone',
      before: stored('1'),
      after: undefined,
      expected: ['forget status of 1', 'forget run of 1', `leave ${KEY}`, ...queued],
    },
    {
      what: 'another has its name',
      before: stored('1'),
      after: stored('2'),
      expected: ['seen 2', 'forget status of 1', 'forget run of 1', `leave ${KEY}`, ...queued],
    },
  ])
    it(`tells those whom it concerns that ${what}`, () => {
      assert.deepEqual(following().tell(before, after), expected);
    });

  it('keeps no series of a set in whose place another stands', async () => {
    const { tell, metrics, series } = following();
    tell(undefined, stored('1'));
    metrics.passes.setGenerators(NAME, [{ generator: 'old', type: 'list', healthy: false }]);
    metrics.passes.passed(NAME, 'apply', { at: 1, changes: { created: 7, configured: 0, deleted: 0 } });
    tell(stored('1'), stored('2'));
    const [info, ...others] = await series();
    assert.match(info ?? '', /^generatorset_resource_info\{/);
    assert.deepEqual(others, []);
    tell(stored('2'), undefined);
    assert.deepEqual(await series(), []);
  });
});
