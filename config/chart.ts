import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CRD_NAME, VERSION } from '../src/api/crd.ts';
import { KIND } from '../src/api/generatorset-schema.ts';
import { defaultImage } from '../src/cli/manifests/deployment.ts';
import type { Installation } from '../src/cli/manifests/labels.ts';
import { isObject, type JsonObject, type JsonValue } from '../src/lib/json.ts';
import { stringifyYaml } from '../src/lib/yaml.ts';
import { chartTemplates } from './chart-templates.ts';
import { CHART_VALUES } from './chart-values.ts';
import { formatValuesFile } from './chart-values-file.ts';
import { type Field, fillFieldTables, listFields } from './field-table.ts';
import { formatJson } from './format-json.ts';
import { sampleManifests } from './sample-manifests.ts';

const FOLDER = 'charts/generatorset';
const HEADER = '# Written by npm run generate.\n';
const DESCRIPTION = 'Keeps Kubernetes manifests true: queries become safe, reviewed Git commits';

/** The files of the Helm chart that follow from the manifests and the values, by their path in the repository. */
export async function generateChart({
  version,
}: Pick<Installation, 'version'>): Promise<Map<string, string>> {
  const readme = await readFile(join(import.meta.dirname, '..', FOLDER, 'README.md'), 'utf8');
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...withForeignKeys(requireValues(CHART_VALUES)),
  };
  const templates = [...(await chartTemplates(version))];
  return new Map([
    [`${FOLDER}/Chart.yaml`, `${HEADER}${stringifyYaml(chart(version))}`],
    [`${FOLDER}/values.yaml`, `${HEADER}${formatValuesFile(CHART_VALUES)}`],
    [`${FOLDER}/values.schema.json`, formatJson(schema)],
    [`${FOLDER}/README.md`, fillFieldTables(readme, listValues())],
    ...templates.map(([name, text]): [string, string] => [`${FOLDER}/templates/${name}`, text]),
  ]);
}

/** https://helm.sh/docs/topics/charts, with the annotations of https://artifacthub.io/docs/topics/annotations/helm */
function chart(version: string): JsonObject {
  const crd = { kind: KIND, version: VERSION, name: CRD_NAME, displayName: KIND, description: DESCRIPTION };
  const sample = sampleManifests().get('generatorset.yaml') as JsonObject;
  const image = {
    name: 'generatorset',
    image: defaultImage(version),
    platforms: ['linux/amd64', 'linux/arm64'],
  };
  return {
    apiVersion: 'v2',
    name: 'generatorset',
    description: DESCRIPTION,
    type: 'application',
    version,
    appVersion: `v${version}`,
    kubeVersion: '>=1.19.0-0',
    keywords: ['gitops', 'flux', 'gitopssets', 'right-sizing', 'prometheus'],
    annotations: {
      'artifacthub.io/category': 'integration-delivery',
      'artifacthub.io/changes': stringifyYaml([{ kind: 'added', description: `GeneratorSet ${version}` }]),
      'artifacthub.io/crds': stringifyYaml([crd]),
      'artifacthub.io/crdsExamples': stringifyYaml([sample]),
      'artifacthub.io/images': stringifyYaml([image]),
      'artifacthub.io/operator': 'true',
    },
  };
}

/** The values as people write them after `--set`. */
function listValues(): Field[] {
  return listFields(CHART_VALUES).map((field) => ({ ...field, path: field.path.slice(1) }));
}

/**
 * Values that must not be taken away: null does that to a default, and would turn a flag off that keeps tenants apart.
 * What may be empty may be null.
 */
function requireValues(schema: JsonObject): JsonObject {
  const properties = Object.entries(schema['properties'] as Record<string, JsonObject>);
  const required = properties.filter(([, { default: value }]) => !isObject(value) && !isEmpty(value));
  const inner = properties.map(([key, property]) => [
    key,
    property['default'] === undefined ? requireValues(property) : property,
  ]);
  return { ...schema, required: required.map(([key]) => key), properties: Object.fromEntries(inner) };
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

/** A chart that has this one below it sets these, too: https://helm.sh/docs/topics/charts/#scope-dependencies-and-values */
function withForeignKeys(schema: JsonObject): JsonObject {
  const properties = {
    global: { type: 'object', description: 'Values of all charts of a release.' },
    enabled: { type: 'boolean', description: 'The condition of a chart that has this one below it.' },
    ...(schema['properties'] as JsonObject),
  };
  return { ...schema, properties };
}
