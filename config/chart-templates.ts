import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { generators } from '../generators/index.ts';
import { customResourceDefinition } from '../src/api/crd.ts';
import { CONTROLLER, type Installation, installLabels, MANAGER_LABEL } from '../src/cli/manifests/labels.ts';
import { adminBinding, rbacManifests } from '../src/cli/manifests/rbac-manifests.ts';
import { isObject, type JsonObject } from '../src/lib/json.ts';
import { parseYaml, stringifyYaml, stringifyYamlDocuments } from '../src/lib/yaml.ts';

/** In comments of Helm's language, so that it is in no rendered manifest. */
const HEADER = '{{- /* Written by npm run generate. */ -}}\n';
const NAMESPACE = '{{ .Release.Namespace }}';
const MONITORING = join(import.meta.dirname, 'monitoring');

/** The templates of the chart that follow from the manifests, by the name of their file. */
export async function chartTemplates(version: string): Promise<Map<string, string>> {
  // Rendered by Helm, as everything that is written in braces.
  const installation: Installation = { namespace: NAMESPACE, version };
  return new Map([
    ['crd.yaml', HEADER + crdTemplate(installation)],
    ['rbac.yaml', HEADER + rbacTemplate(installation)],
    ['monitoring.yaml', HEADER + (await monitoringTemplate())],
  ]);
}

/** Helm never upgrades what stands in the folder `crds` of a chart: a definition that grows with it is a template. */
function crdTemplate(installation: Installation): string {
  const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
  const { spec, ...head } = customResourceDefinition(schemas, installLabels(installation, 'api'));
  const text = escapeTemplates(stringifyYaml({ spec: spec as JsonObject }));
  const keep = '  annotations:\n    helm.sh/resource-policy: keep\n';
  return onlyIf(
    '.Values.crds.install',
    stringifyYaml(ofHelm(head)) + onlyIf('.Values.crds.keep', keep) + text,
  );
}

function rbacTemplate(installation: Installation): string {
  const objects = [...rbacManifests(installation).values()].filter(({ kind }) => kind !== 'ServiceAccount');
  const admin = stringifyYamlDocuments([forAccount(ofHelm(adminBinding(installation)))]);
  const roles = stringifyYamlDocuments(objects.map(ofHelm).map(forAccount));
  return onlyIf('.Values.rbac.create', roles + onlyIf('.Values.clusterAdmin', admin));
}

/** What Prometheus Operator and Grafana's sidecar read, each part where a value asks for it. */
async function monitoringTemplate(): Promise<string> {
  const parts: [string, JsonObject][] = [
    ['podMonitor', await readMonitoring('pod-monitor.yaml')],
    ['prometheusRule', await readMonitoring('prometheus-rule.yaml')],
    ['dashboard', await readDashboard()],
  ];
  return parts
    .map(([value, object]) => onlyIf(`.Values.${value}.create`, monitoringPart(value, object)))
    .join('');
}

function monitoringPart(value: string, object: JsonObject): string {
  const { metadata, ...rest } = ofHelm(object);
  const { labels, ...others } = metadata as JsonObject;
  const { apiVersion, kind, ...content } = rest;
  const head = stringifyYaml({
    apiVersion: apiVersion as string,
    kind: kind as string,
    metadata: { ...others, namespace: NAMESPACE, labels: labels as JsonObject },
  });
  const more = `    {{- with .Values.${value}.labels }}\n    {{- toYaml . | nindent 4 }}\n    {{- end }}\n`;
  return `---\n${head}${more}${escapeTemplates(stringifyYaml(content))}`;
}

async function readMonitoring(file: string): Promise<JsonObject> {
  return parseYaml(await readFile(join(MONITORING, file), 'utf8')) as JsonObject;
}

/** The ConfigMap that kustomize makes of the dashboard. The label that Grafana looks for is a value. */
async function readDashboard(): Promise<JsonObject> {
  const { configMapGenerator } = (await readMonitoring('kustomization.yaml')) as unknown as Kustomization;
  const [{ name, files, options }] = configMapGenerator;
  const { grafana_dashboard: _, ...labels } = options.labels;
  const texts = files.map(async (file) => [basename(file), await readFile(join(MONITORING, file), 'utf8')]);
  const data = Object.fromEntries(await Promise.all(texts)) as JsonObject;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, annotations: options.annotations, labels },
    data,
  };
}

interface Kustomization {
  readonly configMapGenerator: readonly [
    { name: string; files: string[]; options: { labels: JsonObject; annotations: JsonObject } },
  ];
}

/** Texts that speak of templates, which are not Helm's. */
function escapeTemplates(text: string): string {
  return text.replaceAll('{{', '{{ `{{` }}');
}

function onlyIf(condition: string, text: string): string {
  return `{{- if ${condition} }}\n${text}{{- end }}\n`;
}

/** Marked as a part of a release: https://helm.sh/docs/chart_best_practices/labels */
function ofHelm(object: JsonObject): JsonObject {
  const metadata = object['metadata'] as JsonObject;
  const labels = {
    ...(metadata['labels'] as JsonObject),
    'helm.sh/chart': '{{ include "generatorset.chart" . }}',
    [MANAGER_LABEL]: '{{ .Release.Service }}',
  };
  return { ...object, metadata: { ...metadata, labels } };
}

/** Bindings are for the account that the values name. */
function forAccount(object: JsonObject): JsonObject {
  const { subjects } = object;
  if (!Array.isArray(subjects)) return object;
  const name = '{{ include "generatorset.serviceAccountName" . }}';
  return {
    ...object,
    subjects: subjects.map((it) => (isObject(it) && it['name'] === CONTROLLER ? { ...it, name } : it)),
  };
}
