import assert from 'node:assert/strict';
import { askKubeTool, readObjects } from '../harness/kube-tools.ts';
import { applyObject, establishCrd } from './cluster-objects.ts';
import { describeWith } from './describe-with.ts';
import { exportManifests } from './installed-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** What kubectl lists, in columns of one space: resources, URLs, names, sorted verbs. */
const EVERYWHERE = `
configmaps [] [] [create delete get patch]
events [] [] [create patch]
generatorsets.generatorset.dev [] [] [get list patch update watch]
generatorsets.generatorset.dev/finalizers [] [] [update]
generatorsets.generatorset.dev/status [] [] [get patch update]
namespaces [] [] [get]
serviceaccounts [] [] [get impersonate]
`;
const IN_ITS_OWN_NAMESPACE = `
configmaps [] [] [create delete get patch update]
events [] [] [create patch]
generatorsets.generatorset.dev [] [] [get list patch update watch]
generatorsets.generatorset.dev/finalizers [] [] [update]
generatorsets.generatorset.dev/status [] [] [get patch update]
leases.coordination.k8s.io [] [] [create get update]
namespaces [] [] [get]
serviceaccounts [] [] [get impersonate]
`;

describeWith(['kubectl'], 'what kubectl lists as the rights of the controller', function () {
  this.timeout(120_000);
  const server = useKubeApiserver();
  before(async () => {
    for (const manifest of readObjects(await exportManifests()) as unknown as KubeObject[]) {
      if (manifest.kind === 'CustomResourceDefinition') await establishCrd(server(), manifest);
      else await applyObject(server(), manifest);
    }
  });

  async function list(account: string, namespace: string): Promise<string[]> {
    const as = `--as=system:serviceaccount:${account.replace('/', ':')}`;
    const args = ['auth', 'can-i', '--list', as, '-n', namespace, '--no-headers'];
    const text = await askKubeTool('kubectl', args, { kubeconfig: server().kubeconfig });
    return text.trim().split('\n').map(normalise);
  }

  for (const [where, namespace, golden] of [
    ['in any namespace', 'default', EVERYWHERE],
    ['in its own', 'flux-system', IN_ITS_OWN_NAMESPACE],
  ] as const) {
    it(`is this ${where}, beside what every account has`, async () => {
      const common = new Set(await list('default/nobody', namespace));
      const own = (await list('flux-system/generatorset-controller', namespace)).filter(
        (line) => !common.has(line),
      );
      assert.deepEqual(own.toSorted(), golden.trim().split('\n'));
    });
  }
});

/** Older versions of kubectl name a verb of two roles twice. */
function normalise(line: string): string {
  const sorted = (verbs: string) => [...new Set(verbs.split(' '))].toSorted().join(' ');
  return line
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[^[]+(?=\]$)/, sorted);
}
