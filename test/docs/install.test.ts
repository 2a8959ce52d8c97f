import assert from 'node:assert/strict';
import { applyObject } from '../components/cluster-objects.ts';
import { useKubeApiserver } from '../components/kube-apiserver.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { readPage } from './pages.ts';
import { readSteps, type Step, takeStep } from './walk-through.ts';

const steps = readSteps(readPage('docs/guides/install.md').text).filter(isConsole);

function isConsole(step: Step): step is Extract<Step, { type: 'commands' }> {
  return step.type === 'commands';
}

/** The set that stands in the cluster when the page removes everything. */
const SET = {
  apiVersion: 'generatorset.dev/v1alpha1',
  kind: 'GeneratorSet',
  metadata: { name: 'memory', namespace: 'flux-system' },
  spec: { generators: [{ list: { elements: [] } }], templates: [{ text: 'x' }] },
};

/** What the machine of the test has is not what the page's has. */
function withoutVersions(text = ''): string {
  return text.replaceAll(/^✔ (Kubernetes|git) \S+ /gm, '✔ $1 ');
}

describe('the guide to installing', function () {
  this.timeout(120_000);
  const server = useKubeApiserver();
  const folder = useTemporaryFolder();

  it('prints what it shows when it installs and removes', async () => {
    await applyObject(server(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } });
    const [install, uninstall, ...others] = steps;
    assert.ok(install && uninstall && others.length === 0);
    const env = { KUBECONFIG: server().kubeconfig };
    assert.equal(withoutVersions(await takeStep(install, folder.path, env)), withoutVersions(install.shown));
    await applyObject(server(), SET);
    assert.equal(await takeStep(uninstall, folder.path, env), uninstall.shown);
  });
});
