import assert from 'node:assert/strict';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Place } from './applied-objects.ts';
import { describeRival, hasUpdatedSince } from './rival.ts';

type Entry = [manager: string, operation: string, second: number];

function objectOf(...entries: Entry[]): JsonObject {
  const managedFields = entries.map(([manager, operation, second]) => ({
    manager,
    operation,
    time: `2026-01-01T00:00:0${second}Z`,
  }));
  return { metadata: { name: 'a', managedFields } };
}

describe('rivals', () => {
  const cases: [what: string, entries: Entry[], expected: boolean][] = [
    [
      'an update after us',
      [
        ['generatorset', 'Apply', 1],
        ['edit', 'Update', 2],
      ],
      true,
    ],
    [
      'an update in the same second',
      [
        ['generatorset', 'Apply', 1],
        ['edit', 'Update', 1],
      ],
      true,
    ],
    [
      'an update before us',
      [
        ['generatorset', 'Apply', 2],
        ['edit', 'Update', 1],
      ],
      false,
    ],
    [
      'an apply after us',
      [
        ['generatorset', 'Apply', 1],
        ['edit', 'Apply', 2],
      ],
      false,
    ],
    [
      'an update of another manager',
      [
        ['generatorset', 'Apply', 1],
        ['other', 'Update', 2],
      ],
      false,
    ],
    [
      'an object that we never applied',
      [
        ['generatorset', 'Update', 1],
        ['edit', 'Update', 2],
      ],
      false,
    ],
    ['an object without managers', [], false],
  ];
  for (const [what, entries, expected] of cases) {
    it(`${expected ? 'are seen' : 'are not seen'} in ${what}`, () => {
      assert.equal(hasUpdatedSince(objectOf(...entries), 'edit'), expected);
    });
  }

  it('are named by who wrote last', async () => {
    const kind = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };
    const place: Place = { id: 'apps_a__ConfigMap', kind, namespace: 'apps', name: 'a' };
    const describe = (object: JsonObject) =>
      describeRival(
        place,
        { request: async () => object } as unknown as ClusterClient,
        new AbortController().signal,
      );
    assert.equal(
      await describe(objectOf(['b', 'Update', 3], ['a', 'Update', 2], ['generatorset', 'Apply', 4])),
      '"b"',
    );
    assert.equal(await describe(objectOf(['generatorset', 'Apply', 4])), 'somebody else');
  });
});
