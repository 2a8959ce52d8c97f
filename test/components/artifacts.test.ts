import assert from 'node:assert/strict';
import { artifactAt, packFiles } from '../harness/archives.ts';
import { type ClusterSet, clusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { patchObject, requestPass, useController } from '../harness/controller-suite.ts';
import { startHttpServer, type TestServer } from '../harness/http-server.ts';
import { applyObject, createNamespace, readObject, waitFor } from './cluster-objects.ts';
import { GIT_REPOSITORY_CRD, looseCrd } from './flux-crds.ts';
import type { KubeObject } from './kube-request.ts';

/** Served in its older version only, as by Flux before 2.6. */
const OCI_REPOSITORY_CRD = looseCrd({
  group: 'source.toolkit.fluxcd.io',
  version: 'v1beta2',
  kind: 'OCIRepository',
  plural: 'ocirepositories',
});
const SOURCES = [
  { generator: 'gitRepository', kind: 'GitRepository', version: 'v1' },
  { generator: 'ociRepository', kind: 'OCIRepository', version: 'v1beta2' },
];

/** Milliseconds within which a new artifact must be seen; no set here has an interval. */
const SOON = 10_000;

describe('artifacts of Flux sources', function suite() {
  this.timeout(60_000);
  const { server } = useController({ crds: [GIT_REPOSITORY_CRD, OCI_REPOSITORY_CRD] });
  const archives = new Map<string, Buffer>();
  const asked: string[] = [];
  let namespace = '';
  let files: TestServer;
  before(async () => {
    files = await startHttpServer(({ url = '' }, response) => {
      asked.push(url);
      const archive = archives.get(url);
      response.writeHead(archive ? 200 : 404).end(archive);
    });
  });
  after(() => files.close());
  beforeEach(async () => {
    namespace = await createNamespace(server());
    asked.length = 0;
  });

  function sourceOf(kind: string, version: string): KubeObject {
    return {
      apiVersion: `source.toolkit.fluxcd.io/${version}`,
      kind,
      metadata: { name: 'fleet', namespace },
      spec: { url: 'https://git.example/fleet.git' },
    };
  }

  /** Writes the status as source-controller does when it has packed a revision. */
  async function publish(
    source: KubeObject,
    revision: string,
    directories: readonly string[],
  ): Promise<void> {
    const contents = directories.map((name) => [`apps/${name}/kustomization.yaml`, `name: ${name}\n`]);
    const archive = await packFiles(Object.fromEntries(contents));
    const path = `/${namespace}/${revision}.tar.gz`;
    archives.set(path, archive);
    const artifact = artifactAt(`${files.origin}${path}`, archive, `main@sha1:${revision}`);
    await patchObject(server(), source, { status: { artifact } }, { status: true });
  }

  async function createSet(generator: string): Promise<ClusterSet> {
    const content = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: '{{ .Element.Base }}' },
      data: { path: '{{ .Element.Directory }}' },
    };
    const set = clusterSet(namespace, [], {
      spec: {
        generators: [{ [generator]: { repositoryRef: 'fleet', directories: [{ path: 'apps/*' }] } }],
        templates: [{ content }],
      },
    });
    await applyObject(server(), set);
    return set;
  }

  function pathOf(name: string): Promise<string | undefined> {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } };
    return readObject<KubeObject & { data?: { path?: string } }>(server(), object).then(
      (it) => it?.data?.path,
    );
  }

  for (const { generator, kind, version } of SOURCES) {
    it(`of a ${kind} of ${version} are waited for, and each new one is seen at once`, async () => {
      const source = sourceOf(kind, version);
      await applyObject(server(), source);
      const set = await createSet(generator);
      await waitForCondition(server(), set, { reason: 'ArtifactNotReady', message: /has no artifact yet/ });
      await publish(source, 'one', ['web']);
      await waitFor('the first artifact', async () => (await pathOf('web')) === './apps/web', SOON);
      await publish(source, 'two', ['web', 'api']);
      await waitFor('the second artifact', async () => (await pathOf('api')) === './apps/api', SOON);
      assert.deepEqual(asked, [`/${namespace}/one.tar.gz`, `/${namespace}/two.tar.gz`]);
    });
  }

  it('are fetched once, however often the set runs', async () => {
    const source = sourceOf('GitRepository', 'v1');
    await applyObject(server(), source);
    await publish(source, 'one', ['web']);
    const set = await createSet('gitRepository');
    await waitForCondition(server(), set, { status: 'True' });
    await requestPass(server(), set);
    await requestPass(server(), set);
    assert.equal(asked.length, 1);
  });

  it('that are not what they say, or gone, or fewer than a pattern needs change nothing', async () => {
    const source = sourceOf('GitRepository', 'v1');
    await applyObject(server(), source);
    await publish(source, 'one', ['web', 'api']);
    const set = await createSet('gitRepository');
    await waitForCondition(server(), set, { status: 'True' });
    const other = artifactAt(
      `${files.origin}/${namespace}/one.tar.gz`,
      Buffer.from('other'),
      'main@sha1:two',
    );
    const gone = artifactAt(
      `${files.origin}/${namespace}/gone.tar.gz`,
      Buffer.from('gone'),
      'main@sha1:three',
    );
    const troubles = [
      { artifact: other, message: /not the one of its digest sha256:/ },
      { artifact: gone, message: /gone\.tar\.gz: answered 404/ },
    ];
    for (const { artifact, message } of troubles) {
      await patchObject(server(), source, { status: { artifact } }, { status: true });
      await waitForCondition(server(), set, { status: 'False', message });
    }
    await publish(source, 'four', []);
    const failed = await waitForCondition(server(), set, {
      status: 'False',
      message: /no directory matches/,
    });
    assert.match(conditionOf(failed, 'Ready')?.message ?? '', /"apps\/\*"/);
    assert.deepEqual([await pathOf('web'), await pathOf('api')], ['./apps/web', './apps/api']);
  });
});
