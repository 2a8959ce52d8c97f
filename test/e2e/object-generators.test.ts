import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useCommandLine } from '../harness/command-line.ts';

/** Stands in a Secret. */
const CANARY = 'canary-88d0';

const OBJECTS = `apiVersion: v1
kind: ConfigMap
metadata: {name: environment}
data: {name: config}
---
apiVersion: v1
kind: Secret
metadata: {name: token, labels: {team: apps}}
stringData: {password: ${CANARY}}
---
apiVersion: gitops.weave.works/v1alpha1
kind: GitopsCluster
metadata: {name: cluster, namespace: clusters, labels: {env: prod}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: podinfo}
status: {latestRef: {name: ghcr.io/x/podinfo, tag: "6.5.1"}}
`;

function gitOpsSet(generator: string, name: string, data = ''): string {
  return `apiVersion: sets.gitops.pro/v1alpha1
kind: GitOpsSet
metadata: {name: demo, namespace: flux-system}
spec:
  generators: [${generator}]
  templates: [{content: {apiVersion: v1, kind: ConfigMap, metadata: {name: "${name}"}, data: {x: "${data}"}}}]
`;
}

describe('generators that read objects, on the command line', function () {
  this.timeout(60_000);
  const { folder, run, writeSet } = useCommandLine();
  let objects: string;
  beforeEach(async () => {
    objects = join(folder.path, 'objects');
    await mkdir(objects, { recursive: true });
    await writeFile(join(objects, 'all.yaml'), OBJECTS);
  });

  const sets: [generator: string, name: string, rendered: RegExp][] = [
    ['{config: {kind: ConfigMap, name: environment}}', '{{ .Element.name }}', /name: config$/m],
    ['{cluster: {selector: {matchLabels: {env: prod}}}}', '{{ .Element.ClusterName }}', /name: cluster$/m],
    ['{cluster: {}}', '{{ .Element.ClusterNamespace }}', /name: clusters$/m],
    ['{imagePolicy: {policyRef: podinfo}}', 'v{{ .Element.latestTag }}', /name: v6\.5\.1$/m],
  ];
  for (const [generator, name, rendered] of sets) {
    it(`build a GitOpsSet with ${generator} from --objects`, async () => {
      const { stdout, stderr, code } = await run(
        'build',
        '--objects',
        objects,
        await writeSet(gitOpsSet(generator, name)),
      );
      assert.equal(code, 0, stderr);
      assert.match(stdout, rendered);
    });
  }

  it('say how objects are given', async () => {
    const { stderr, code } = await run('build', await writeSet(gitOpsSet('{cluster: {}}', 'x')));
    assert.equal(code, 1);
    assert.match(stderr, /GitopsCluster are not known here; give a folder with them: --objects DIR/);
  });

  it('show nothing of a Secret in a plan', async () => {
    const generator = '{config: {kind: Secret, name: token}}';
    const file = await writeSet(gitOpsSet(generator, 'a', '{{ .Element.password }}'));
    const options = ['--objects', objects, '--directory', join(folder.path, 'out')];
    for (const output of [[], ['-o', 'json']]) {
      const { stdout, stderr, code } = await run('plan', ...options, ...output, file);
      assert.ok(code === 0 || code === 1, stderr);
      assert.match(stdout, /\(from a Secret\)/);
      assert.ok(!`${stdout}${stderr}`.includes(CANARY));
    }
  });
});
