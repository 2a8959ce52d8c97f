import assert from 'node:assert/strict';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { generateFiles } from '../config/generate.ts';
import { generators } from '../generators/index.ts';
import { readGeneratorSets } from '../src/api/read-sets.ts';
import { createSetValidator } from '../src/api/validate-set.ts';
import { isObject, type JsonObject } from '../src/lib/json.ts';
import { parseYaml } from '../src/lib/yaml.ts';
import { checkTemplates } from '../src/render/check-templates.ts';
import { describeWith } from './components/describe-with.ts';
import { askKubeTool, byKindAndName, readObjects } from './harness/kube-tools.ts';
import { ROOT, runProgram } from './harness/run-program.ts';
import { useTemporaryFolder } from './harness/temporary-folder.ts';

const CONFIG = join(ROOT, 'config');
/** These need comments of their own, and more than a list of resources. */
const BY_HAND = /^(monitoring|samples\/restricted-egress)\//;

/** The YAML files below `config`, by their path in it. */
async function readConfig(): Promise<Map<string, JsonObject>> {
  const files = new Map<string, JsonObject>();
  for await (const path of glob('**/*.yaml', { cwd: CONFIG }))
    files.set(path, parseYaml(await readFile(join(CONFIG, path), 'utf8')) as JsonObject);
  return files;
}

function byName(text: string): Record<string, JsonObject> {
  return byKindAndName(readObjects(text));
}

async function exported(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(['install', '--export', ...args], {
    env: { HOME: '/nowhere' },
  });
  assert.deepEqual([code, stderr], [0, '']);
  return stdout;
}

describe('the manifests', function () {
  this.timeout(60_000);

  it('are all written by npm run generate', async () => {
    const generated = [...(await generateFiles()).keys()].filter((path) => path.startsWith('config/'));
    const found = [...(await readConfig()).keys()].filter((path) => !BY_HAND.test(path));
    assert.deepEqual(found.map((path) => `config/${path}`).toSorted(), generated.toSorted());
  });

  it('are named by the kustomization of their folder, every one', async () => {
    const files = await readConfig();
    for (const [path, kustomization] of files) {
      if (!path.endsWith('kustomization.yaml') || BY_HAND.test(path)) continue;
      const folder = dirname(path);
      const named = (kustomization['resources'] as string[]).map((name) => join(folder, name));
      for (const name of named)
        assert.ok(files.has(name) || files.has(join(name, 'kustomization.yaml')), `${path}: ${name}`);
      const beside = [...files.keys()].filter((file) => dirname(file) === folder && file !== path);
      for (const file of beside) assert.ok(named.includes(file), `${file} is in no kustomization`);
    }
  });

  it('have a sample that is valid', async () => {
    const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
    const text = await readFile(join(CONFIG, 'samples', 'generatorset.yaml'), 'utf8');
    const { sets, errors } = readGeneratorSets(text, 'sample', { validate: createSetValidator(schemas) });
    assert.deepEqual(errors, []);
    for (const loaded of sets) checkTemplates(loaded);
    assert.equal(sets.length, 1);
  });

  it('have room in the annotation that kubectl apply keeps an object in', async () => {
    // https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go
    const limit = 256 * 1024;
    for (const [path, object] of await readConfig())
      assert.ok(Buffer.byteLength(JSON.stringify(object)) < 0.75 * limit, path);
  });

  it('grant no Secret, and no wildcard', async () => {
    for (const [path, object] of await readConfig()) {
      if (!Array.isArray(object['rules'])) continue;
      const text = JSON.stringify(object['rules']);
      assert.doesNotMatch(text, /"secrets|"\*"|escalate|"bind"/, path);
    }
  });
});

describe('generatorset install --export', function () {
  this.timeout(60_000);

  it('prints, without any cluster, the objects that config holds', async () => {
    const files = [...(await readConfig())].filter(([path]) =>
      /^(crd|rbac|manager|policies|default)\//.test(path),
    );
    const objects = files
      .filter(([path]) => !path.endsWith('kustomization.yaml'))
      .map(([, object]) => object);
    assert.deepEqual(
      Object.values(byName(await exported()))
        .map((object) => JSON.stringify(object))
        .toSorted(),
      objects.map((object) => JSON.stringify(object)).toSorted(),
    );
  });

  it('puts everything into the namespace, with the image that is asked for', async () => {
    const text = await exported('-n', 'tools', '--image', 'example.com/it:1', '--cluster-admin');
    assert.doesNotMatch(text, /flux-system/);
    const objects = byName(text);
    assert.match(
      JSON.stringify(objects['Deployment generatorset-controller']),
      /"image":"example\.com\/it:1"/,
    );
    const binding = objects['ClusterRoleBinding generatorset-cluster-admin'];
    assert.ok(isObject(binding?.['roleRef']));
    assert.equal(binding['roleRef']['name'], 'cluster-admin');
  });
});

describeWith(['kubectl'], 'kubectl kustomize', function () {
  this.timeout(60_000);
  const folder = useTemporaryFolder();

  async function kustomize(path: string): Promise<Record<string, JsonObject>> {
    return byName(await askKubeTool('kubectl', ['kustomize', path]));
  }

  it('builds the very objects that install exports', async () => {
    assert.deepEqual(await kustomize(join(CONFIG, 'default')), byName(await exported()));
  });

  it('builds the samples, and the rights of an admin where the component is asked for', async () => {
    assert.ok((await kustomize(join(CONFIG, 'samples')))['GeneratorSet sample']);
    const to = (name: string) => relative(folder.path, join(CONFIG, name));
    const text = `resources: [${to('default')}]\ncomponents: [${to('components/cluster-admin')}]\n`;
    await writeFile(join(folder.path, 'kustomization.yaml'), text);
    const built = await kustomize(folder.path);
    assert.ok(built['ClusterRoleBinding generatorset-cluster-admin']);
    const args = (objects: Record<string, JsonObject>) =>
      /"args":\[[^\]]*\]/.exec(JSON.stringify(objects['Deployment generatorset-controller']))?.[0];
    assert.equal(args(built), '"args":["controller","--enable-leader-election"]');
    assert.equal(args(built), args(byName(await exported('--cluster-admin'))));
    assert.match(args(byName(await exported())) ?? '', /--default-service-account=default/);
  });
});
