import type { JsonObject } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { type Field, fieldAt, fieldsOf, textOf } from '../field.ts';
import type { TemplateOptions } from './children.ts';

/** Names of the cluster that Argo CD runs in. */
const HERE = ['https://kubernetes.default.svc', 'in-cluster'];

/**
 * The templates of Flux's objects that do what an Application does: a GitRepository and a Kustomization, or for a chart
 * a HelmRepository and a HelmRelease. What does not map exactly is reported.
 */
export function convertToFlux(template: Field | undefined, options: TemplateOptions): JsonObject[] {
  const { conversion } = options;
  const spec = fieldAt(template, 'spec');
  conversion.lose(fieldAt(spec, 'project'), 'Flux has no projects: service accounts say what may be applied');
  conversion.lose(fieldAt(spec, 'sources'), 'several sources: write a Kustomization or HelmRelease for each');
  const isChart = fieldAt(spec, 'source', 'chart') !== undefined;
  const contents = isChart ? convertChart(template, options) : convertPath(template, options);
  for (const field of fieldsOf(fieldAt(spec, 'syncPolicy')))
    if (field.path.at(-1) !== 'automated')
      conversion.lose(field, 'Flux applies server-side, and always retries');
  conversion.leaveOut(
    fieldAt(template, 'metadata', 'namespace'),
    'the objects are in the namespace of the set',
  );
  conversion.lose(
    fieldAt(template, 'metadata', 'finalizers'),
    'prune deletes what the Kustomization has applied',
  );
  return contents.map((content) => ({ content }));
}

function convertPath(template: Field | undefined, options: TemplateOptions): JsonObject[] {
  const { conversion, rewrite } = options;
  const source = fieldAt(template, 'spec', 'source');
  const repository: JsonObject = { interval: '5m' };
  conversion.put(repository, 'url', fieldAt(source, 'repoURL'), rewrite);
  repository['ref'] = convertRevision(fieldAt(source, 'targetRevision'), options);
  const kustomization: JsonObject = { interval: '10m' };
  conversion.put(kustomization, 'path', fieldAt(source, 'path'), rewrite);
  kustomization['prune'] = convertAutomated(template, conversion);
  if (options.isPreserved) kustomization['deletionPolicy'] = 'Orphan';
  kustomization['sourceRef'] = { kind: 'GitRepository', name: nameOf(template, options) };
  convertDestination(template, kustomization, options);
  conversion.differ(
    fieldAt(template, 'spec', 'destination', 'namespace'),
    'targetNamespace is that of all objects, those too that name another one',
  );
  for (const field of fieldsOf(source))
    if (!['repoURL', 'targetRevision', 'path'].includes(String(field.path.at(-1))))
      conversion.lose(field, 'a Kustomization builds what is in the path: write it there');
  return [
    fluxObject(
      template,
      { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', spec: repository },
      options,
    ),
    fluxObject(
      template,
      { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', spec: kustomization },
      options,
    ),
  ];
}

function convertChart(template: Field | undefined, options: TemplateOptions): JsonObject[] {
  const { conversion, rewrite } = options;
  const source = fieldAt(template, 'spec', 'source');
  const url = fieldAt(source, 'repoURL');
  const isOci = !/^https?:/.test(textOf(url) ?? '');
  const repository: JsonObject = { interval: '10m', ...(isOci && { type: 'oci' }) };
  // Argo CD writes the address of a registry without its scheme.
  conversion.put(
    repository,
    'url',
    url,
    (text, ...at) => `${isOci && !text.startsWith('oci:') ? 'oci://' : ''}${rewrite(text, ...at)}`,
  );
  const chart: JsonObject = {};
  conversion.put(chart, 'chart', fieldAt(source, 'chart'), rewrite);
  conversion.put(chart, 'version', fieldAt(source, 'targetRevision'), rewrite);
  chart['sourceRef'] = { kind: 'HelmRepository', name: nameOf(template, options) };
  // Flux would put the target namespace before the name.
  const release: JsonObject = {
    interval: '10m',
    chart: { spec: chart },
    releaseName: nameOf(template, options),
  };
  const helm = fieldAt(source, 'helm');
  conversion.put(release, 'releaseName', fieldAt(helm, 'releaseName'), rewrite);
  conversion.put(release, 'values', fieldAt(helm, 'valuesObject'), rewrite);
  convertAutomated(template, conversion);
  if (options.isPreserved)
    conversion.lose(
      fieldAt(template, 'spec', 'source', 'chart'),
      'preserveResourcesOnDeletion: a HelmRelease that is deleted uninstalls its chart, unless it is suspended before',
    );
  convertDestination(template, release, options);
  for (const field of fieldsOf(helm))
    if (!['releaseName', 'valuesObject'].includes(String(field.path.at(-1))))
      conversion.lose(field, 'write it into the values of the HelmRelease');
  conversion.lose(fieldAt(source, 'path'), 'a chart has no path');
  return [
    fluxObject(
      template,
      { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmRepository', spec: repository },
      options,
    ),
    fluxObject(
      template,
      { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', spec: release },
      options,
    ),
  ];
}

/** An object with the metadata of the Application. */
function fluxObject(
  template: Field | undefined,
  object: JsonObject,
  { conversion, rewrite }: TemplateOptions,
): JsonObject {
  const metadata: JsonObject = {};
  for (const key of ['name', 'labels', 'annotations'])
    conversion.put(metadata, key, fieldAt(template, 'metadata', key), rewrite);
  return {
    apiVersion: object['apiVersion'] as string,
    kind: object['kind'] as string,
    metadata,
    spec: object['spec'] as JsonObject,
  };
}

function nameOf(template: Field | undefined, { conversion, rewrite }: TemplateOptions): string {
  const name = fieldAt(template, 'metadata', 'name');
  return name ? String(conversion.carry(name, rewrite)) : '';
}

function convertRevision(field: Field | undefined, { conversion, rewrite }: TemplateOptions): JsonObject {
  const revision = textOf(field) ?? 'HEAD';
  if (revision === 'HEAD' || revision === '') {
    conversion.use(field);
    conversion.differ(field, 'the branch main is read: name another one in ref.branch');
    return { branch: 'main' };
  }
  conversion.differ(field, 'it is taken for a branch: a tag is written ref.tag, a commit ref.commit');
  const ref: JsonObject = {};
  conversion.put(ref, 'branch', field, rewrite);
  return ref;
}

/** Whether what is no longer in the source is deleted. Flux always corrects what others change. */
function convertAutomated(template: Field | undefined, conversion: Conversion): boolean {
  const spec = fieldAt(template, 'spec');
  const automated = fieldAt(spec, 'syncPolicy', 'automated');
  if (automated === undefined) {
    conversion.differ(
      spec,
      'without syncPolicy.automated a person asked for every sync: Flux applies by itself, unless spec.suspend is true',
    );
    return false;
  }
  conversion.useEmpty(automated);
  if (fieldAt(automated, 'selfHeal')?.value !== true)
    conversion.differ(automated, 'Flux corrects what others change, as selfHeal does');
  conversion.isOn(fieldAt(automated, 'selfHeal'));
  return conversion.isOn(fieldAt(automated, 'prune'));
}

function convertDestination(
  template: Field | undefined,
  target: JsonObject,
  { conversion, rewrite }: TemplateOptions,
): void {
  const destination = fieldAt(template, 'spec', 'destination');
  for (const key of ['server', 'name']) {
    const field = fieldAt(destination, key);
    if (HERE.includes(textOf(field) ?? '')) conversion.use(field);
    else conversion.lose(field, 'it is applied to this cluster: name a kubeconfig in spec.kubeConfig');
  }
  conversion.put(target, 'targetNamespace', fieldAt(destination, 'namespace'), rewrite);
}
