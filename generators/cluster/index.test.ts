import assert from 'node:assert/strict';
import type { Origin } from '../../src/api/element.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { cluster } from './index.ts';
import type { ClusterSpec } from './schema.ts';

const gitops = (name: string, namespace: string, metadata: object = {}) => ({
  apiVersion: 'gitops.weave.works/v1alpha1',
  kind: 'GitopsCluster',
  metadata: { name, namespace, ...metadata },
});
const kubeconfig = (name: string, namespace: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name,
    namespace,
    labels: { type: 'kubeconfig' },
    annotations: { region: 'eu', 'kubectl.kubernetes.io/last-applied-configuration': '{"data": "canary"}' },
  },
  data: { value: 'canary' },
});
const OBJECTS = [
  gitops('b', 'apps', { labels: { env: 'prod' }, annotations: { a: '1' } }),
  gitops('a', 'other'),
  kubeconfig('k', 'apps'),
  kubeconfig('far', 'other'),
  { ...kubeconfig('plain', 'apps'), metadata: { name: 'plain', namespace: 'apps' } },
];

async function run(spec: ClusterSpec) {
  const { context } = makeContext({}, OBJECTS);
  const origins: Origin[] = [];
  const elements = await cluster.generate(spec, { ...context, note: (_, origin) => origins.push(origin) });
  return { elements, origins };
}

describe('cluster', () => {
  for (const spec of [{}, { selector: {} }]) {
    it(`gives all clusters of all namespaces for ${JSON.stringify(spec)}`, async () => {
      const { elements, origins } = await run(spec);
      assert.deepEqual(elements, [
        {
          ClusterName: 'b',
          ClusterNamespace: 'apps',
          ClusterLabels: { env: 'prod' },
          ClusterAnnotations: { a: '1' },
        },
        { ClusterName: 'a', ClusterNamespace: 'other', ClusterLabels: {}, ClusterAnnotations: {} },
      ]);
      assert.deepEqual(origins, [{ key: 'apps/b' }, { key: 'other/a' }]);
    });
  }

  it('gives those that a selector takes', async () => {
    const { elements } = await run({ selector: { matchExpressions: [{ key: 'env', operator: 'Exists' }] } });
    assert.deepEqual(
      elements.map((element) => element['ClusterName']),
      ['b'],
    );
  });

  it('gives Secrets of its namespace by their labels, without what they hold', async () => {
    const { elements } = await run({ secretSelector: { matchLabels: { type: 'kubeconfig' } } });
    assert.deepEqual(elements, [
      {
        ClusterName: 'k',
        ClusterNamespace: 'apps',
        ClusterLabels: { type: 'kubeconfig' },
        ClusterAnnotations: { region: 'eu' },
      },
    ]);
  });

  const mistakes: [what: string, spec: ClusterSpec, path: string[]][] = [
    ['both selectors', { selector: {}, secretSelector: { matchLabels: { a: 'b' } } }, []],
    ['a Secret by no label', { secretSelector: {} }, ['secretSelector']],
    [
      'a label that is none',
      { selector: { matchLabels: { 'a b': 'c' } } },
      ['selector', 'matchLabels', 'a b'],
    ],
  ];
  for (const [what, spec, path] of mistakes) {
    it(`refuses ${what}`, () => assert.deepEqual(cluster.check?.(spec)?.[0]?.path, path));
  }

  it('takes every other selector, and templates', () => {
    assert.deepEqual(cluster.check?.({}), []);
    assert.deepEqual(
      cluster.check?.({ secretSelector: { matchLabels: { a: '{{ .x }}' } } }, () => true),
      [],
    );
  });
});
