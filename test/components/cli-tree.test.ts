import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type ClusterSet, clusterSet, waitForCondition } from '../harness/cluster-sets.ts';
import { eventsOf, patchObject, useController } from '../harness/controller-suite.ts';
import { type ProgramResult, runProgram } from '../harness/run-program.ts';
import { compareTranscript, transcriptOf } from '../harness/transcripts.ts';
import { applyObject, grantRole, waitFor } from './cluster-objects.ts';
import { KUSTOMIZATION_CRD, looseCrd } from './flux-crds.ts';
import type { KubeObject } from './kube-request.ts';

const HELM_RELEASE_CRD = looseCrd({
  group: 'helm.toolkit.fluxcd.io',
  version: 'v2',
  kind: 'HelmRelease',
  plural: 'helmreleases',
});

/** A resource without anything in it. */
function bare(apiVersion: string, kind: string, name: string, more: object = {}): object {
  return { apiVersion, kind, metadata: { name }, ...more };
}

const RELEASE_MANIFEST = `---
apiVersion: v1
kind: Service
metadata: {name: cache}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "cache:reader"}
`;

describe('generatorset tree and events, on a real API server with a controller', function suite() {
  this.timeout(120_000);
  const { server } = useController({ crds: [KUSTOMIZATION_CRD, HELM_RELEASE_CRD] });

  const run = (...args: string[]): Promise<ProgramResult> =>
    runProgram(args, { env: { KUBECONFIG: server().kubeconfig } });
  const show = async (line: string): Promise<string> => {
    const args = line.split(' ');
    return transcriptOf(args, await run(...args));
  };

  async function makeNamespace(name: string): Promise<string> {
    await applyObject(server(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    return name;
  }

  /** Applies a set whose templates are these contents, and waits until it is ready. */
  async function applied(
    namespace: string,
    contents: readonly object[],
    name = 'teams',
  ): Promise<ClusterSet> {
    const spec = { templates: contents.map((content) => ({ content })) };
    const set = clusterSet(namespace, ['a'], { name, spec });
    await applyObject(server(), set);
    return waitForCondition(server(), set, { status: 'True' });
  }

  /** Helm keeps a release as base64 of gzipped JSON, and Kubernetes that as base64 again. */
  function releaseSecret(namespace: string, name: string, manifest: string): KubeObject {
    const packed = gzipSync(JSON.stringify({ name, manifest })).toString('base64');
    const data = { release: Buffer.from(packed).toString('base64') };
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data };
  }

  it('shows what a set has applied, and what that has brought in', async () => {
    const namespace = await makeNamespace('woods');
    const kustomization = bare('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'apps');
    const release = bare('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'cache');
    await applied(namespace, [
      bare('v1', 'ConfigMap', 'settings'),
      bare('v1', 'Namespace', 'woods-two'),
      kustomization,
      release,
    ]);
    const entries = [
      { id: `${namespace}_web_apps_Deployment`, v: 'v1' },
      // It names itself, as Flux's own root does.
      { id: `${namespace}_apps_kustomize.toolkit.fluxcd.io_Kustomization`, v: 'v1' },
      { id: '_web__reader_rbac.authorization.k8s.io_ClusterRole', v: 'v1' },
    ];
    const of = (object: object) => ({
      ...object,
      metadata: { ...(object as KubeObject).metadata, namespace },
    });
    await patchObject(
      server(),
      of(kustomization) as KubeObject,
      { status: { inventory: { entries } } },
      { status: true },
    );
    const history = [{ name: 'cache', namespace, version: 3 }];
    await patchObject(server(), of(release) as KubeObject, { status: { history } }, { status: true });
    await applyObject(server(), releaseSecret(namespace, 'sh.helm.release.v1.cache.v3', RELEASE_MANIFEST));
    await compareTranscript('tree', [
      await show('tree teams -n woods'),
      await show('tree teams -n woods --compact'),
      await show('tree teams -n woods --compact -o yaml'),
      await show('tree team -n woods'),
    ]);
    const json = JSON.parse((await run('tree', 'teams', '-n', namespace, '-o', 'json')).stdout);
    assert.deepEqual(json.resources[0].resource, {
      Namespace: '',
      Name: 'woods-two',
      GroupKind: { Group: '', Kind: 'Namespace' },
    });
  });

  it('shows what it may read, and says what it may not', async () => {
    const namespace = await makeNamespace('fence');
    await applied(namespace, [bare('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'cache')]);
    const sets = { apiGroups: ['generatorset.dev'], resources: ['generatorsets'], verbs: ['get'] };
    await grantRole(server(), { user: 'jane', namespace, name: 'jane' }, [sets]);
    const { code, stdout, stderr } = await run('tree', 'teams', '-n', namespace, '--as', 'jane');
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'GeneratorSet/fence/teams\n└── HelmRelease/fence/cache\n');
    assert.match(stderr, /^⚠️ what is below HelmRelease\/fence\/cache cannot be read: .*"jane" cannot get/);
  });

  it('says of a set that commits to Git what its status says', async () => {
    const namespace = await makeNamespace('forge');
    const git = { url: 'https://127.0.0.1:9/none.git', branch: 'main', path: './out' };
    const set = clusterSet(namespace, ['a'], { spec: { suspend: true, target: { git } } });
    await applyObject(server(), set);
    const before = await run('tree', 'teams', '-n', namespace);
    assert.deepEqual(before.stdout, 'GeneratorSet/forge/teams\n');
    assert.match(before.stderr, /► it commits files to Git, and has not done so yet/);
    const status = { elements: 2, lastAppliedRevision: 'main@sha1:0123456789abcdef0123456789abcdef01234567' };
    await patchObject(server(), set, { status }, { status: true });
    const after = await run('tree', 'teams', '-n', namespace);
    assert.match(after.stderr, /to Git: main@sha1:\w+, made of 2 elements; the Kustomization/);
  });

  it('shows events as flux does', async () => {
    const namespace = await makeNamespace('told');
    const set = await applied(namespace, [bare('v1', 'ConfigMap', 'settings')]);
    await waitFor('its event', async () => (await eventsOf(server(), set)).length > 0);
    // Times of events are whole seconds.
    await delay(1100);
    const broken = clusterSet(namespace, [], {
      name: 'broken',
      spec: { generators: [{ config: { kind: 'ConfigMap', name: 'absent' } }] },
    });
    await applyObject(server(), broken);
    await waitFor('the warning', async () => (await eventsOf(server(), broken)).length > 0);
    await compareTranscript('events', [
      await show('events -n told'),
      await show('events -n told --for GeneratorSet/broken'),
      await show('events -n told --types normal'),
      await show('events -n told --for GeneratorSet/brocken'),
      await show('events -n nowhere'),
    ]);
    const all = await run('events', '-A', '--no-header');
    assert.match(all.stdout, /^told +\S+ +Warning +\S+ +GeneratorSet\/broken +/m);
    for (const [args, words] of [
      [['--for', 'Pod/a'], /--for takes GeneratorSet/],
      [['--for', 'GeneratorSet/a,b=c'], /--for takes GeneratorSet/],
      [['--types', 'Bad'], /Allowed choices are Normal, Warning/],
    ] as const) {
      const refused = await run('events', ...args);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, words);
    }
  });

  it('follows events', async () => {
    const namespace = await makeNamespace('heard');
    await applied(namespace, [bare('v1', 'ConfigMap', 'one')], 'first');
    const seen = { text: '' };
    const { code } = await runProgram(['events', '-w', '-n', namespace], {
      env: { KUBECONFIG: server().kubeconfig },
      started(child) {
        child.stdout?.on('data', (chunk) => {
          seen.text += String(chunk);
        });
        void (async () => {
          await waitFor('the first event', () => seen.text.includes('GeneratorSet/first'));
          await applied(namespace, [bare('v1', 'ConfigMap', 'two')], 'second');
          await waitFor('the second event', () => seen.text.includes('GeneratorSet/second'));
        })()
          .catch(() => {})
          .finally(() => child.kill('SIGINT'));
      },
    });
    assert.equal(code, 130);
    assert.match(seen.text, /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/);
    assert.match(seen.text, /GeneratorSet\/second/);
  });
});
