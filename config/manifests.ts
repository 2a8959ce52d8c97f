import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generators } from '../generators/index.ts';
import { customResourceDefinition, GROUP, PLURAL } from '../src/api/crd.ts';
import { DEFAULT_NAMESPACE } from '../src/api/defaults.ts';
import { controllerArgs } from '../src/cli/manifests/controller-args.ts';
import { defaultImage, deployment } from '../src/cli/manifests/deployment.ts';
import { namespaceManifest } from '../src/cli/manifests/install-manifests.ts';
import { CONTROLLER, type Installation, installLabels } from '../src/cli/manifests/labels.ts';
import { networkPolicy } from '../src/cli/manifests/network-policy.ts';
import { adminBinding, rbacManifests } from '../src/cli/manifests/rbac-manifests.ts';
import type { JsonObject } from '../src/lib/json.ts';
import { stringifyYaml } from '../src/lib/yaml.ts';
import { generateChart } from './chart.ts';
import { sampleManifests } from './sample-manifests.ts';

const HEADER = '# Written by npm run generate.\n';
const SCHEMA = '# yaml-language-server: $schema=../../schemas/generatorset_v1alpha1.json\n';

/** Objects by the name of their file. */
type Folder = ReadonlyMap<string, JsonObject>;

/** The manifests of the controller as bases of kustomize, by their path in the repository. */
export async function generateManifests(): Promise<Map<string, string>> {
  const installation: Installation = { namespace: DEFAULT_NAMESPACE, version: await readVersion() };
  return new Map([
    ...base('crd', new Map([[`${GROUP}_${PLURAL}.yaml`, crd(installation)]])),
    ...base('rbac', rbacManifests(installation)),
    ...base('manager', managerManifests(installation)),
    ...base('policies', new Map([['network-policy.yaml', networkPolicy(installation)]])),
    ...base('default', new Map([['namespace.yaml', namespaceManifest(DEFAULT_NAMESPACE)]]), {
      namespace: DEFAULT_NAMESPACE,
      resources: ['namespace.yaml', '../crd', '../rbac', '../manager', '../policies'],
    }),
    ...base(
      'components/cluster-admin',
      new Map([['cluster-role-binding.yaml', adminBinding(installation)]]),
      {
        apiVersion: 'kustomize.config.k8s.io/v1alpha1',
        kind: 'Component',
        // Sets without a service account are the controller's own affair then.
        patches: [{ target: { kind: 'Deployment', name: CONTROLLER }, patch: formatPatch() }],
      },
    ),
    ...base('samples', sampleManifests()),
    ...(await generateChart(installation)),
  ]);
}

function formatPatch(): string {
  const path = '/spec/template/spec/containers/0/args';
  return stringifyYaml([{ op: 'replace', path, value: controllerArgs({ clusterAdmin: true }) }]);
}

function crd(installation: Installation): JsonObject {
  const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
  return customResourceDefinition(schemas, installLabels(installation, 'api'));
}

function managerManifests(installation: Installation): Folder {
  const settings = { image: defaultImage(installation.version), args: controllerArgs({}) };
  return new Map([['deployment.yaml', deployment(installation, settings)]]);
}

/** A folder of objects with its kustomization, which lists them all unless told otherwise. */
function base(folder: string, objects: Folder, kustomization: JsonObject = {}): [string, string][] {
  const files = new Map(objects).set('kustomization.yaml', {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [...objects.keys()],
    ...kustomization,
  });
  return [...files].map(([name, object]) => [`config/${folder}/${name}`, formatManifest(object)]);
}

function formatManifest(object: JsonObject): string {
  const schema = object['kind'] === 'GeneratorSet' ? SCHEMA : '';
  return `${schema}${HEADER}${stringifyYaml(object)}`;
}

async function readVersion(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
