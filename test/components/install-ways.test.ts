import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { JsonObject } from '../../src/lib/json.ts';
import { askKubeTool } from '../harness/kube-tools.ts';
import { ROOT, runProgram } from '../harness/run-program.ts';
import { describeWith } from './describe-with.ts';
import { exportManifests, listAbsent, readInstalled } from './installed-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';

describeWith(['kubectl'], 'the ways to install, on a real API server', function () {
  this.timeout(120_000);
  const server = useKubeApiserver();
  let manifests: string;
  let first: Record<string, JsonObject> | undefined;
  before(async () => {
    manifests = await exportManifests();
  });

  const kubectl = (args: readonly string[], stdin?: string) =>
    askKubeTool('kubectl', args, { kubeconfig: server().kubeconfig, ...(stdin !== undefined && { stdin }) });
  const generatorset = async (...args: string[]) => {
    const { code, stderr } = await runProgram(args, { env: { KUBECONFIG: server().kubeconfig } });
    assert.equal(code, 0, stderr);
    return stderr;
  };
  const bases = join(ROOT, 'config', 'default');

  const ways: Readonly<Record<string, () => Promise<unknown>>> = {
    'kubectl apply of what install exports': () => kubectl(['apply', '-f', '-'], manifests),
    'kubectl apply -k config/default': () => kubectl(['apply', '-k', bases]),
    'kubectl apply --server-side of the same': () => kubectl(['apply', '--server-side', '-k', bases]),
    install: () => generatorset('install'),
  };

  for (const [way, install] of Object.entries(ways)) {
    it(`bring the same objects by ${way}, and uninstall takes them away`, async () => {
      await install();
      const installed = await readInstalled(server(), manifests);
      first ??= installed;
      assert.deepEqual(installed, first);
      await generatorset('uninstall', '--silent');
      const left = Object.keys(installed).filter((key) => key !== 'Namespace flux-system');
      assert.deepEqual(await listAbsent(server(), manifests), left);
    });
  }

  it('remove what a first installation had and the next one shall not have', async () => {
    await generatorset('install', '--cluster-admin');
    const admin = await exportManifests('--cluster-admin');
    assert.deepEqual(await listAbsent(server(), admin), []);
    const said = await generatorset('install', '--network-policy=false');
    assert.match(said, /✔ ClusterRoleBinding\/generatorset-cluster-admin deleted\n/);
    assert.match(said, /✔ NetworkPolicy\/flux-system\/generatorset-controller deleted\n/);
    assert.deepEqual(await listAbsent(server(), admin), [
      'ClusterRoleBinding generatorset-cluster-admin',
      'NetworkPolicy generatorset-controller',
    ]);
    await generatorset('uninstall', '--silent');
  });

  it('bring a cluster that takes the samples', async () => {
    await generatorset('install');
    const samples = join(ROOT, 'config', 'samples');
    for (const folder of [samples, join(samples, 'restricted-egress')])
      await kubectl(['apply', '-k', folder]);
    const found = await kubectl(['get', 'generatorsets,networkpolicies', '-A', '-o', 'name']);
    assert.deepEqual(found.trim().split('\n').toSorted(), [
      'generatorset.generatorset.dev/sample',
      'networkpolicy.networking.k8s.io/generatorset-controller',
      'networkpolicy.networking.k8s.io/generatorset-restricted-egress',
    ]);
    await generatorset('uninstall', '--silent');
  });

  it('mark the namespace only where install makes it', async () => {
    await generatorset('install', '-n', 'ours');
    const read = async (name: string) => {
      const { body } = await server().request<{ metadata: { labels?: JsonObject } }>(
        'GET',
        `/api/v1/namespaces/${name}`,
      );
      return body.metadata.labels;
    };
    const { 'kubernetes.io/metadata.name': _, ...ours } = (await read('ours')) ?? {};
    assert.deepEqual(ours, {
      'app.kubernetes.io/managed-by': 'generatorset',
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
    });
    await generatorset('uninstall', '--silent', '-n', 'ours');
    await kubectl(['create', 'namespace', 'theirs']);
    await generatorset('install', '-n', 'theirs');
    assert.doesNotMatch(JSON.stringify((await read('theirs')) ?? {}), /pod-security|managed-by/);
    await generatorset('uninstall', '--silent', '-n', 'theirs');
  });
});
