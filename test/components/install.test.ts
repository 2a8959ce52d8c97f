import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/lib/json.ts';
import { type ProgramResult, runProgram } from '../harness/run-program.ts';
import { applyObject, createNamespace, readObject } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

const GROUP = 'generatorset.dev';
const CRD = `CustomResourceDefinition/generatorsets.${GROUP}`;

describe('generatorset install, check and uninstall on a real API server', function () {
  this.timeout(120_000);
  const server = useKubeApiserver();

  const run = (...args: string[]): Promise<ProgramResult> =>
    runProgram(args, { env: { KUBECONFIG: server().kubeconfig } });
  const read = (apiVersion: string, kind: string, name: string, namespace?: string) =>
    readObject(server(), { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } });
  const readDeployment = (namespace: string) =>
    read('apps/v1', 'Deployment', 'generatorset-controller', namespace);

  afterEach(() => run('uninstall', '--silent'));

  it('installs everything in order, and a second time changes nothing', async () => {
    const first = await run('install');
    assert.equal(first.code, 0, first.stderr);
    assert.equal(first.stdout, '');
    assert.match(first.stderr, /^► applying manifests\n✔ Namespace\/flux-system created\n/);
    assert.match(first.stderr, new RegExp(`✔ ${CRD} created\n`));
    assert.match(
      first.stderr,
      /✔ Deployment\/flux-system\/generatorset-controller created\n✔ install finished/,
    );
    const mark = await server().markAudit();
    const second = await run('install');
    assert.doesNotMatch(second.stderr, /created|configured/);
    const writes = (await server().audit(mark)).filter(({ verb }) => verb !== 'get');
    assert.deepEqual(new Set(writes.map(({ verb }) => verb)), new Set(['patch']));
  });

  it('changes what is different, also where somebody else has set it', async () => {
    await run('install');
    const { metadata, spec } = (await readDeployment('flux-system')) as KubeObject & { spec: JsonObject };
    const name = { name: metadata.name as string, namespace: 'flux-system' };
    const scaled = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: name,
      spec: { ...spec, replicas: 0 },
    };
    await applyObject(server(), scaled);
    const { code, stderr } = await run('install', '--image', 'example.com/generatorset:test');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /✔ Deployment\/\S+ configured/);
    const live = JSON.stringify(await readDeployment('flux-system'));
    assert.match(live, /"replicas":1.*"image":"example\.com\/generatorset:test"/);
  });

  it('leaves a namespace that exists as it is', async () => {
    const namespace = await createNamespace(server(), 'install');
    const before = await read('v1', 'Namespace', namespace);
    const { stderr } = await run('install', '-n', namespace);
    assert.match(stderr, new RegExp(`✔ Namespace/${namespace} exists\n`));
    await run('uninstall', '-s', '-n', namespace, '--no-keep-namespace');
    assert.deepEqual(await read('v1', 'Namespace', namespace), before);
  });

  it('says what is wrong with a cluster, and what to do', async () => {
    const pre = await run('check', '--pre');
    assert.deepEqual([pre.code, pre.stderr.split('\n').length], [0, 5]);
    assert.match(pre.stderr, /✔ Kubernetes v\S+ >=1\.19\n✔ git \d\S+ >=2\.39\n✔ all checks passed/);
    const before = await run('check');
    assert.equal(before.code, 1);
    assert.match(
      before.stderr,
      /✗ generatorsets\.generatorset\.dev is not installed: run generatorset install/,
    );
    assert.match(before.stderr, /✗ generatorset-controller in namespace flux-system is not installed/);
    await run('install');
    const after = await run('check');
    assert.equal(after.code, 1);
    assert.match(after.stderr, /✔ generatorsets\.generatorset\.dev serves v1alpha1\n/);
    assert.match(
      after.stderr,
      /✗ generatorset-controller in namespace flux-system is not ready \(ghcr\.io\S+\)/,
    );
  });

  it('finds a controller well that the cluster says is ready', async () => {
    await run('install');
    const path = '/apis/apps/v1/namespaces/flux-system/deployments/generatorset-controller/status';
    const contentType = 'application/merge-patch+json';
    const { metadata } = (await readDeployment('flux-system')) as KubeObject;
    const status = { observedGeneration: metadata.generation, replicas: 1, readyReplicas: 1 };
    await server().request('PATCH', path, { status }, { contentType });
    const { code, stderr } = await run('check');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /is ready: ghcr\.io\/generatorset\/generatorset:v/);
    await run('install', '--image', 'example.com/generatorset:next');
    assert.equal((await run('check')).code, 1, 'the next generation is not ready yet');
  });

  it('uninstalls all but the namespace, and no set hangs on its finalizer', async () => {
    await run('install', '--cluster-admin');
    await createSet('one', [`${GROUP}/finalizer`]);
    const { code, stderr } = await run('uninstall', '--silent');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /1 GeneratorSet \(default\/one\) will be removed; what they have applied stays/);
    assert.equal(
      await read('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `generatorsets.${GROUP}`),
      undefined,
    );
    assert.equal(await readDeployment('flux-system'), undefined);
    assert.ok(await read('v1', 'Namespace', 'flux-system'));
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    for (const kind of ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings']) {
      const { body } = await server().request<{ items: KubeObject[] }>('GET', `${rbac}/${kind}`);
      const left = body.items
        .map(({ metadata }) => metadata.name)
        .filter((it) => it?.includes('generatorset'));
      assert.deepEqual(left, [], kind);
    }
    assert.match((await run('uninstall', '--silent')).stderr, /✔ uninstall finished/);
  });

  it('takes the rights and the controller before the sets, so that nothing is pruned', async () => {
    await run('install');
    await createSet('two', [`${GROUP}/finalizer`, 'example.com/other']);
    const mark = await server().markAudit();
    const uninstalled = run('uninstall', '--silent', '--timeout', '4s');
    const { code, stderr } = await uninstalled;
    // The other's finalizer is the other's to remove.
    assert.equal(code, 1);
    assert.match(stderr, /✗ not done after 4s; give it more with --timeout\n$/);
    const writes = (await server().audit(mark)).filter(({ verb }) => verb === 'delete' || verb === 'patch');
    const order = writes.map(({ objectRef }) => objectRef?.resource);
    assert.equal(order[0], 'deployments');
    assert.ok(order.indexOf('clusterrolebindings') < order.indexOf('generatorsets'), order.join());
    assert.deepEqual((await readSet('two'))?.metadata.finalizers?.includes(`${GROUP}/finalizer`), false);
    const contentType = 'application/merge-patch+json';
    await server().request('PATCH', `${SETS}/two`, { metadata: { finalizers: [] } }, { contentType });
  });

  it('keeps the kind and its sets where it is told', async () => {
    await run('install');
    await createSet('kept', [`${GROUP}/finalizer`]);
    const { stderr } = await run('uninstall', '--silent', '--keep-crds');
    assert.match(stderr, /1 GeneratorSet \(default\/kept\) and generatorsets\.generatorset\.dev stay/);
    assert.equal((await readSet('kept'))?.metadata.finalizers, undefined);
    assert.equal(await readDeployment('flux-system'), undefined);
  });

  it('removes nothing without a yes, nor what it did not install', async () => {
    await run('install');
    const asked = await run('uninstall');
    assert.equal(asked.code, 1);
    assert.match(asked.stderr, /✗ there is no terminal to ask on: give --silent/);
    assert.ok(await readDeployment('flux-system'));
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/generatorset-view';
    const contentType = 'application/merge-patch+json';
    const labels = { 'app.kubernetes.io/part-of': 'other' };
    await server().request('PATCH', path, { metadata: { labels } }, { contentType });
    const { stderr } = await run('uninstall', '--silent');
    assert.match(stderr, /ClusterRole\/generatorset-view stays: it lacks the label/);
    await server().request('DELETE', path);
  });

  it('removes a namespace that it has made, when it is asked to', async () => {
    await run('install', '-n', 'made-here');
    const { stderr } = await run('uninstall', '-s', '-n', 'made-here', '--no-keep-namespace');
    assert.match(stderr, /✔ Namespace\/made-here deleted/);
    assert.ok((await read('v1', 'Namespace', 'made-here'))?.metadata.deletionTimestamp);
  });

  it('waits for the end of the controller, and ends at Ctrl-C', async () => {
    await run('install');
    const labels = {
      'app.kubernetes.io/part-of': 'generatorset',
      'app.kubernetes.io/component': 'controller',
    };
    const metadata = { name: 'running', namespace: 'flux-system', labels };
    const spec = { containers: [{ name: 'controller', image: 'x' }] };
    await applyObject(server(), { apiVersion: 'v1', kind: 'Pod', metadata, spec });
    await createSet('three', [`${GROUP}/finalizer`]);
    const { code, stderr } = await runProgram(['uninstall', '--silent'], {
      env: { KUBECONFIG: server().kubeconfig },
      started: (child) => setTimeout(() => child.kill('SIGINT'), 5000),
    });
    assert.deepEqual([code, stderr.split('\n').at(-2)], [130, '✗ interrupted']);
    assert.ok((await readSet('three'))?.metadata.finalizers?.includes(`${GROUP}/finalizer`));
    const path = '/api/v1/namespaces/flux-system/pods/running';
    await server().request('DELETE', path, { gracePeriodSeconds: 0 });
  });

  it('names the right that is missing', async () => {
    const KUBECONFIG = await server().kubeconfigFor(server().tokens.nobody);
    const { code, stderr } = await runProgram(['install'], { env: { KUBECONFIG } });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /✗ get deployments flux-system\/\S+: .*User "nobody" cannot get resource "deployments"/,
    );
  });

  const SETS = `/apis/${GROUP}/v1alpha1/namespaces/default/generatorsets`;

  async function createSet(name: string, finalizers: readonly string[]): Promise<void> {
    const spec = { generators: [{ list: { elements: [{}] } }], templates: [{ text: 'x' }] };
    const set = {
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'GeneratorSet',
      metadata: { name, finalizers },
      spec,
    };
    const { status } = await server().request('POST', SETS, set);
    assert.equal(status, 201);
  }

  async function readSet(name: string): Promise<KubeObject | undefined> {
    const { status, body } = await server().request<KubeObject>('GET', `${SETS}/${name}`);
    return status === 200 ? body : undefined;
  }
});
