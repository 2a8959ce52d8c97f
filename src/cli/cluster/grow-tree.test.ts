import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { FakeCollection, refusal } from '../../../test/harness/fake-collection.ts';
import type { Discovery } from '../../clients/cluster/discovery.ts';
import type { JsonObject } from '../../lib/json.ts';
import { silentLogger } from '../../lib/logger.ts';
import { INVENTORY } from '../../status/inventory.ts';
import { divideList } from '../../status/list-shards.ts';
import { createPrinter } from '../printer.ts';
import { growTree } from './grow-tree.ts';
import { formatTree } from './resource-tree.ts';

const ROOT = { namespace: 'apps', name: 'root', group: 'generatorset.dev', kind: 'GeneratorSet' };
const KUSTOMIZE = 'kustomize.toolkit.fluxcd.io';

/** Every kind but those of the group `absent`; cluster-scoped where it says so. */
const discovery: Discovery = {
  find: async (apiVersion, kind) =>
    apiVersion.startsWith('absent/')
      ? undefined
      : {
          apiVersion,
          kind,
          plural: `${kind.toLowerCase()}s`,
          namespaced: !kind.startsWith('Cluster'),
          verbs: [],
        },
  forget() {},
};

const idOf = (name: string) => ({ id: `apps_${name}_${KUSTOMIZE}_Kustomization`, v: 'v1' });
const inventory = (...entries: { id: string; v: string }[]): JsonObject => ({
  status: { inventory: { entries } },
});

/** The tree of a set in a cluster that has these objects, by the last part of their paths. */
async function treeOf(
  entries: { id: string; v: string }[],
  objects: Record<string, JsonObject> = {},
  { isCompact = false } = {},
): Promise<{ lines: string[]; warnings: string }> {
  const client = new FakeCollection();
  client.answer = ({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === 'forbidden') throw refusal(403);
    const object = objects[name];
    if (!object) throw refusal(404);
    return object;
  };
  const written = { warnings: '' };
  const stderr = {
    write(text: string) {
      written.warnings += text;
    },
  };
  const errorColors = { green: String, yellow: String, red: String } as never;
  const printer = createPrinter({ stderr, errorColors });
  const signal = AbortSignal.timeout(5000);
  const world = { client, printer, log: silentLogger, signal, discovery, isCompact };
  const metadata = { namespace: 'apps', name: 'root', uid: 'u' };
  const tree = await growTree(world, ROOT, { metadata, ...inventory(...entries) });
  return { lines: formatTree(tree).trimEnd().split('\n').slice(1), warnings: written.warnings };
}

describe('growTree', () => {
  it('leaves out what is on the way to itself, and shows it elsewhere', async () => {
    const objects = { one: inventory(idOf('two')), two: inventory(idOf('one'), idOf('two')) };
    const { lines } = await treeOf([idOf('one'), idOf('two')], objects);
    assert.deepEqual(lines, [
      '├── Kustomization/apps/one',
      '│   └── Kustomization/apps/two',
      '└── Kustomization/apps/two',
      '    └── Kustomization/apps/one',
    ]);
  });

  it('goes no deeper than ten levels', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const objects = Object.fromEntries(names.map((name, index) => [name, inventory(idOf(`k${index + 1}`))]));
    const { lines } = await treeOf([idOf('k0')], objects);
    assert.equal(lines.length, 10);
  });

  it('shows what it cannot read, and says so; what works on another cluster has nothing below it', async () => {
    const remote = { ...inventory(idOf('far')), spec: { kubeConfig: {} } };
    const { lines, warnings } = await treeOf([idOf('absent'), idOf('forbidden'), idOf('remote')], { remote });
    assert.deepEqual(lines, [
      '├── Kustomization/apps/absent',
      '├── Kustomization/apps/forbidden',
      '└── Kustomization/apps/remote',
    ]);
    assert.match(warnings, /below Kustomization\/apps\/absent.*\n.*below Kustomization\/apps\/forbidden/);
  });

  it('shows what others name as no object can be named, and reads the rest', async () => {
    const odd = ['..', 'a\nb', 'a/../../secrets'].map((name) => idOf(name));
    const nowhere = { id: `_one_${KUSTOMIZE}_Kustomization`, v: 'v1' };
    const { lines, warnings } = await treeOf([idOf('one')], {
      one: inventory(...odd, nowhere, idOf('two')),
      two: inventory(idOf('three')),
    });
    assert.deepEqual(lines, [
      '└── Kustomization/apps/one',
      '    ├── Kustomization/apps/..',
      '    ├── Kustomization/apps/a\\nb',
      '    ├── Kustomization/apps/a/../../secrets',
      '    ├── Kustomization/one',
      '    └── Kustomization/apps/two',
      '        └── Kustomization/apps/three',
    ]);
    assert.match(warnings, /cannot be part of a path/);
    assert.match(warnings, /a namespace is needed/);
  });

  it('shows only kinds of Flux and sets, where that is wanted', async () => {
    const set = { id: 'apps_other_generatorset.dev_GeneratorSet', v: 'v1alpha1' };
    const other = { metadata: { namespace: 'apps', name: 'other', uid: 'o' } };
    const { lines } = await treeOf(
      [set, { id: 'apps_a__ConfigMap', v: 'v1' }, { id: 'apps_x_x.toolkit.fluxcd.io.evil_X', v: 'v1' }],
      { other },
      { isCompact: true },
    );
    assert.deepEqual(lines, ['└── GeneratorSet/apps/other']);
  });

  it('reads what stands in ConfigMaps beside the status', async () => {
    const entries = Array.from({ length: 1500 }, (_, index) => ({
      id: `apps_a${index}__ConfigMap`,
      v: 'v1',
    }));
    const { kept, shards } = divideList(INVENTORY, entries, { owner: { name: 'many', uid: 'm' } });
    const objects: Record<string, JsonObject> = {
      many: {
        metadata: { namespace: 'apps', name: 'many', uid: 'm' },
        status: { inventory: kept as unknown as JsonObject },
      },
    };
    for (const [name, shard] of shards) {
      const packed = gzipSync(JSON.stringify({ entries: shard })).toString('base64');
      objects[name] = { binaryData: { 'inventory.json.gz': packed } };
    }
    const { lines } = await treeOf(
      [{ id: 'apps_many_generatorset.dev_GeneratorSet', v: 'v1alpha1' }],
      objects,
    );
    assert.equal(lines.length, 1501);
  });
});

describe('a HelmRelease in a tree', () => {
  const RELEASE = { id: 'apps_cache_helm.toolkit.fluxcd.io_HelmRelease', v: 'v2' };
  const STORAGE = 'sh.helm.release.v1.cache.v3';
  const history = [{ name: 'cache', namespace: 'run', version: 3 }];
  const cache = { metadata: { namespace: 'apps', name: 'cache' }, status: { history } };
  const storage = (release: object) => {
    const packed = gzipSync(JSON.stringify(release)).toString('base64');
    return { metadata: { name: STORAGE }, data: { release: Buffer.from(packed).toString('base64') } };
  };
  const manifest =
    'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\n---\napiVersion: x/v1\nkind: ClusterX\nmetadata: {name: b}\n';

  it('has the resources of the manifest that Helm keeps, in the namespace of the release', async () => {
    const { lines } = await treeOf([RELEASE], { cache, [STORAGE]: storage({ manifest }) });
    assert.deepEqual(lines.slice(1), ['    ├── Service/run/a', '    └── ClusterX/b']);
  });

  it('has what its inventory says, where it has one', async () => {
    const own = { ...cache, status: { history, inventory: { entries: [{ id: 'run_c__Secret', v: 'v1' }] } } };
    assert.deepEqual((await treeOf([RELEASE], { cache: own })).lines.slice(1), ['    └── Secret/run/c']);
  });

  const empty: [string, JsonObject][] = [
    ['before its first release', { ...cache, status: {} }],
    ['with a history of another form', { ...cache, status: { history: [{ name: 5 }] } }],
  ];
  for (const [what, object] of empty) {
    it(`has nothing below it ${what}`, async () => {
      assert.equal((await treeOf([RELEASE], { cache: object })).lines.length, 1);
    });
  }

  const broken: [string, JsonObject][] = [
    ['is no text', { data: { release: 5 } }],
    ['is not packed', { data: { release: Buffer.from('hush').toString('base64') } }],
    ['is no YAML', storage({ manifest: 'a: [hush' })],
  ];
  for (const [what, secret] of broken) {
    it(`says that its storage cannot be read where it ${what}, and quotes nothing`, async () => {
      const object = { metadata: { name: STORAGE }, ...secret };
      const { lines, warnings } = await treeOf([RELEASE, idOf('one')], {
        ...{ cache, [STORAGE]: object },
        one: inventory(idOf('two')),
      });
      assert.equal(lines.length, 3, 'the rest of the tree is there');
      const why = `the release in Secret ${STORAGE} cannot be read`;
      assert.match(warnings, new RegExp(`^\\S+ what is below \\S+ cannot be read: ${why}\n`));
      assert.doesNotMatch(warnings, /hush/);
    });
  }
});
