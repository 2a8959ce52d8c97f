import assert from 'node:assert/strict';
import { configMap, OWNER, rendered } from '../../test/harness/plan.ts';
import type { Resource } from '../api/resource.ts';
import type { ApiKind, Discovery } from '../clients/cluster/discovery.ts';
import { sha256 } from '../lib/digest.ts';
import { toDesiredObjects } from '../plan/desired-file.ts';
import { prepareObjects } from './desired-object.ts';

const KINDS: ApiKind[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] },
  { apiVersion: 'example.com/v1', kind: 'Global', plural: 'globals', namespaced: false, verbs: [] },
];

describe('prepareObjects', () => {
  const asked: string[] = [];
  const discovery: Discovery = {
    async find(apiVersion, kind) {
      asked.push(kind);
      if (kind === 'Broken') throw new Error('its API server does not answer');
      return KINDS.find((it) => it.apiVersion === apiVersion && it.kind === kind);
    },
    forget() {},
  };
  const prepare = (...resources: Resource[]) =>
    prepareObjects(toDesiredObjects(resources.map((it) => rendered(it))), {
      set: OWNER,
      discovery,
      signal: new AbortController().signal,
    });
  const other = (apiVersion: string, kind: string, metadata: Resource['metadata'], spec = {}): Resource => ({
    apiVersion,
    kind,
    metadata,
    spec,
  });

  it('leaves a resource as it is that is as the cluster wants it', async () => {
    const [object] = await prepare(configMap('a'));
    const [file] = toDesiredObjects([rendered(configMap('a'))]);
    assert.deepEqual([object?.id, object?.text, object?.digest], [file?.id, file?.text, file?.digest]);
    assert.deepEqual(
      [object?.isComing, object?.place?.namespace, object?.place?.name],
      [false, 'flux-system', 'a'],
    );
  });

  it('asks for each kind once', async () => {
    asked.length = 0;
    await prepare(configMap('a'), configMap('b'), configMap('c'));
    assert.deepEqual(asked, ['ConfigMap']);
  });

  it('removes a namespace where there is none, and the id follows', async () => {
    const [object] = await prepare(other('example.com/v1', 'Global', { name: 'g', namespace: 'apps' }));
    assert.equal(object?.id, '_g_example.com_Global');
    assert.deepEqual(object?.resource.metadata, { name: 'g' });
    assert.equal(object?.digest, sha256(object?.text ?? ''));
    assert.equal(JSON.parse(object?.text ?? '').metadata.namespace, undefined);
  });

  it('gives the namespace of the set where one is missing', async () => {
    const [object] = await prepare(other('v1', 'ConfigMap', { name: 'a' }));
    assert.equal(object?.id, 'flux-system_a__ConfigMap');
    assert.equal(object?.place?.namespace, 'flux-system');
  });

  it('knows a kind that the plan itself defines, and leaves one that nobody does', async () => {
    const spec = {
      group: 'new.com',
      scope: 'Cluster',
      names: { kind: 'New', plural: 'news' },
      versions: [{ name: 'v1' }, 'odd'],
    };
    const definition = other(
      'apiextensions.k8s.io/v1',
      'CustomResourceDefinition',
      { name: 'news.new.com' },
      spec,
    );
    const objects = await prepare(
      definition,
      other('new.com/v1', 'New', { name: 'n', namespace: 'apps' }),
      other('new.com/v2', 'New', { name: 'n', namespace: 'apps' }),
    );
    assert.deepEqual(
      objects.map(({ place, isComing }) => [place?.namespace, isComing]),
      [
        [undefined, true],
        ['', true],
        [undefined, true],
      ],
    );
  });

  it('refuses two resources that are one object here', async () => {
    const [one, two] = ['a', 'b'].map((namespace) =>
      other('example.com/v1', 'Global', { name: 'g', namespace }),
    );
    await assert.rejects(prepare(one!, two!), { name: 'DeliveryError', reason: 'BuildFailed' });
  });

  it('keeps what the server does not tell as a problem of that kind alone', async () => {
    const [bad, good] = await prepare(other('broken.com/v1', 'Broken', { name: 'a' }), configMap('b'));
    assert.deepEqual([bad?.problem, good?.problem], ['its API server does not answer', undefined]);
  });

  it('keeps an unknown annotation as a problem of that object alone', async () => {
    const annotations = { 'generatorset.dev/ssa': 'Sometimes' };
    const [bad, good] = await prepare(other('v1', 'ConfigMap', { name: 'a', annotations }), configMap('b'));
    assert.match(bad?.problem ?? '', /none of Override/);
    assert.equal(good?.problem, undefined);
  });
});
