import assert from 'node:assert/strict';
import type { ApiRequest, ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { ApiKind } from '../clients/cluster/discovery.ts';
import type { JsonObject } from '../lib/json.ts';
import type { ApplyContext } from './decide.ts';
import { decideRemovals, locate, type Tracked } from './removals.ts';

const SERVED: ApiKind[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'hpas',
    namespaced: true,
    verbs: [],
  },
  { apiVersion: 'example.com/v1', kind: 'Global', plural: 'globals', namespaced: false, verbs: [] },
];
const GROUPS: JsonObject = {
  groups: [
    {
      name: 'autoscaling',
      versions: [{ groupVersion: 'autoscaling/v2beta2' }, { groupVersion: 'autoscaling/v2' }],
    },
  ],
};

describe('locate', () => {
  const requests: ApiRequest[] = [];
  const client = {
    async request(request: ApiRequest) {
      requests.push(request);
      return GROUPS;
    },
  } as unknown as ClusterClient;
  const discovery = {
    async find(apiVersion: string, kind: string) {
      if (kind === 'Broken') throw new Error('its API server does not answer');
      return SERVED.find((it) => it.apiVersion === apiVersion && it.kind === kind);
    },
    forget() {},
  };
  const find = async (id: string, version?: string) => {
    const entry = {
      id,
      path: id,
      digest: '',
      generator: 0,
      template: 0,
      ...(version !== undefined && { version }),
    };
    const [found] = await locate([entry], { client, discovery, signal: new AbortController().signal });
    return found;
  };

  it('finds a kind in the version of the entry', async () => {
    assert.equal((await find('apps_a__ConfigMap', 'v1'))?.place?.kind, SERVED[0]);
    assert.equal((await find('apps_a__ConfigMap'))?.place?.kind, SERVED[0]);
    assert.deepEqual(requests, []);
  });

  it('finds a kind in another version when that of the entry is gone', async () => {
    const found = await find('apps_a_autoscaling_HorizontalPodAutoscaler', 'v2beta1');
    assert.equal(found?.place?.kind.apiVersion, 'autoscaling/v2');
  });

  for (const [what, id, version] of [
    ['a kind that is not served', 'apps_a_example.com_Widget', 'v1'],
    ['a group that is not served', 'apps_a_none.com_Widget', 'v1'],
    ['a namespace where there can be none', 'apps_g_example.com_Global', 'v1'],
    ['no namespace where there must be one', '_a__ConfigMap', 'v1'],
  ] as const) {
    it(`takes ${what} for gone`, async () => {
      const found = await find(id, version);
      assert.deepEqual([found?.place, found?.failure], [undefined, undefined]);
    });
  }

  it('leaves out what is no id', async () => {
    assert.equal(await find('nonsense'), undefined);
  });

  it('takes nothing for gone that the server does not tell of', async () => {
    const found = await find('apps_a_broken.com_Broken', 'v1');
    assert.deepEqual([found?.place, found?.failure?.reason], [undefined, 'its API server does not answer']);
  });
});

describe('decideRemovals', () => {
  const set = { namespace: 'apps', name: 'demo' };
  const live = (ownerName: string) => ({ uid: 'u', ownerName, ownerNamespace: 'apps', owned: '{}' });
  const tracked = (name: string, found: Partial<Tracked> = {}): Tracked => {
    const id = `apps_${name}__ConfigMap`;
    const entry = { id, path: id, digest: '', generator: 0, template: 0, element: name };
    const [kind] = SERVED as [ApiKind];
    return { entry, stage: 5, place: { id, kind, namespace: 'apps', name }, ...found };
  };
  const context = (object: unknown) =>
    ({
      set,
      applied: { find: () => object },
      signal: new AbortController().signal,
    }) as unknown as ApplyContext;
  const keep = ({ element }: { element?: string }) => (element === 'held' ? 'it is held' : undefined);

  const cases: [what: string, item: Tracked, object: unknown, isLive: boolean][] = [
    ['is there', tracked('held'), live('demo'), true],
    ['is gone', tracked('held'), undefined, false],
    ['is of somebody else now', tracked('held'), live('other'), false],
    ['may not be watched', tracked('held'), 'unknown', false],
    ['has a kind that could not be found out', located('no answer'), undefined, false],
  ];
  for (const [what, item, object, isLive] of cases) {
    it(`leaves an object of a held element in the inventory when it ${what}`, async () => {
      const [removal] = await decideRemovals([item], { prune: true, keep }, context(object));
      const { action, reason, isTracked, isKept, failure } = removal ?? {};
      assert.deepEqual(
        { action, reason, isTracked, isKept, failure },
        {
          ...{ action: 'skipped', reason: 'it is held', isTracked: true, isKept: true },
          failure: undefined,
        },
      );
      assert.equal(removal?.live !== undefined, isLive);
    });
  }

  it('deletes what belongs to elements that are not held', async () => {
    const items = [tracked('held'), tracked('gone')];
    const removals = await decideRemovals(items, { prune: true, keep }, context(live('demo')));
    assert.deepEqual(
      removals.map(({ action }) => action),
      ['skipped', 'deleted'],
    );
  });

  function located(reason: string): Tracked {
    const { place: _, ...rest } = tracked('held');
    return { ...rest, failure: { id: rest.entry.id, reason } };
  }
});
