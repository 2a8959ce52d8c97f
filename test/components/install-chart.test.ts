import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../src/lib/json.ts';
import { askKubeTool, CHART, runKubeTool } from '../harness/kube-tools.ts';
import { type ProgramResult, runProgram } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { applyObject, createNamespace, readObject, waitFor } from './cluster-objects.ts';
import { describeWith } from './describe-with.ts';
import { exportManifests, listAbsent, readInstalled } from './installed-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

const CRD = 'CustomResourceDefinition generatorsets.generatorset.dev';

describeWith(['helm'], 'the Helm chart on a real API server', function () {
  this.timeout(120_000);
  const server = useKubeApiserver();
  const folder = useTemporaryFolder();
  let namespace: string;
  let manifests: string;

  beforeEach(async () => {
    namespace = await createNamespace(server(), 'chart');
    manifests = await exportManifests('-n', namespace);
  });
  afterEach(async () => {
    await runKubeTool('helm', ['uninstall', 'generatorset', '-n', namespace], {
      kubeconfig: server().kubeconfig,
    });
    await generatorset('uninstall', '--silent');
  });

  const helm = (verb: string, ...args: string[]) =>
    askKubeTool('helm', [verb, 'generatorset', ...args, '-n', namespace], {
      kubeconfig: server().kubeconfig,
    });
  const generatorset = (verb: string, ...args: string[]): Promise<ProgramResult> =>
    runProgram([verb, '-n', namespace, ...args], { env: { KUBECONFIG: server().kubeconfig } });
  const readDeployment = async () => {
    const metadata = { namespace, name: 'generatorset-controller' };
    return JSON.stringify(
      await readObject(server(), { apiVersion: 'apps/v1', kind: 'Deployment', metadata }),
    );
  };

  it('brings the objects that install brings', async () => {
    await helm('install', CHART);
    const byHelm = await readInstalled(server(), manifests);
    await helm('uninstall');
    const { code, stderr } = await generatorset('install');
    assert.equal(code, 0, stderr);
    assert.deepEqual(await readInstalled(server(), manifests), byHelm);
  });

  it('changes what values change, and nothing by an upgrade without any', async () => {
    await helm('install', CHART);
    const before = await readDeployment();
    await helm('upgrade', CHART);
    assert.equal(await readDeployment(), before);
    await helm('upgrade', CHART, '--set', 'controller.concurrent=20,networkPolicy.create=false');
    assert.match(await readDeployment(), /"--concurrent=20"/);
    assert.deepEqual(await listAbsent(server(), manifests), ['NetworkPolicy generatorset-controller']);
    await helm('rollback', '1');
    assert.doesNotMatch(await readDeployment(), /--concurrent/);
    assert.deepEqual(await listAbsent(server(), manifests), []);
  });

  it('brings the kind to its own version by an upgrade', async () => {
    const older = join(folder.path, 'generatorset');
    await cp(CHART, older, { recursive: true });
    const file = join(older, 'templates', 'crd.yaml');
    const text = await readFile(file, 'utf8');
    assert.match(text, /\n {4}- gset\n/);
    await writeFile(file, text.replace(/\n {4}- gset\n/, '\n    - oldset\n'));
    await helm('install', older);
    await helm('upgrade', CHART);
    await readInstalled(server(), manifests);
  });

  it('leaves the kind and the sets when it is uninstalled, and finds them again', async () => {
    await helm('install', CHART);
    const set = {
      apiVersion: 'generatorset.dev/v1alpha1',
      kind: 'GeneratorSet',
      metadata: { name: 'one', namespace },
      spec: { generators: [{ list: { elements: [{}] } }], templates: [{ text: 'x' }] },
    };
    const written = await waitFor('the kind to be served', () => applyObject(server(), set as KubeObject));
    const said = await helm('uninstall');
    assert.match(said, /CustomResourceDefinition\] generatorsets\.generatorset\.dev/);
    const absent = await listAbsent(server(), manifests);
    assert.equal(absent.includes(CRD), false);
    assert.equal(absent.includes('Deployment generatorset-controller'), true);
    await helm('install', CHART);
    assert.equal((await readObject(server(), set))?.metadata.uid, written.metadata.uid);
  });

  it('is not mixed with an installation by install', async () => {
    await helm('install', CHART);
    const before = await readDeployment();
    for (const [verb, advice] of [
      ['install', 'use helm upgrade, or helm uninstall first'],
      ['uninstall', 'use helm uninstall'],
    ] as const) {
      const { code, stderr } = await generatorset(verb, ...(verb === 'uninstall' ? ['--silent'] : []));
      assert.equal(code, 1);
      assert.equal(stderr, `✗ the controller in namespace ${namespace} was installed by Helm: ${advice}\n`);
    }
    assert.equal(await readDeployment(), before);
  });

  it('takes over an installation by install when it is told to', async () => {
    await generatorset('install');
    const args = ['install', 'generatorset', CHART, '-n', namespace];
    const { code, stderr } = await runKubeTool('helm', args, { kubeconfig: server().kubeconfig });
    assert.notEqual(code, 0);
    assert.match(stderr, /invalid ownership metadata/);
    await helm('install', CHART, '--take-ownership');
    await readInstalled(server(), manifests);
  });

  it('fits into the Secret of a release', async () => {
    await helm('install', CHART);
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    const { body } = await server().request<{ items: { data: JsonObject }[] }>('GET', path);
    assert.equal(body.items.length, 1);
    assert.ok(JSON.stringify(body).length < 256 * 1024, String(JSON.stringify(body).length));
  });
});
