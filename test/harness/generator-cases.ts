import type { KubeObject } from '../components/kube-request.ts';
import { type GeneratorOutside, GIT_USER } from './generator-outside.ts';

/** Where a case is tried. */
export interface CasePlace {
  readonly namespace: string;
  readonly outside: GeneratorOutside;
}

/** One way in which a generator reads objects, and what a change of these does. */
export interface GeneratorCase {
  /** How the README's table of rights names it, or a part of that. */
  readonly use: string;
  /** Whose table that is, where it is another generator's. */
  readonly rightsOf?: string;
  /** What the generator reads where the table cannot name it. */
  readonly reads?: { readonly apiGroups: readonly string[]; readonly resources: readonly string[] };
  spec(place: CasePlace): object;
  /** The objects that it reads, before and after the change. */
  objects(place: CasePlace, step: 'before' | 'after'): KubeObject[];
  /** Each element as a text; `before` is absent where the set fails until the change. */
  readonly text: string;
  readonly before?: string;
  readonly after: string;
}

const REPOSITORY_SPEC = { repositoryRef: 'fleet', directories: [{ path: 'apps/*' }] };

const core = (
  kind: 'Secret' | 'ConfigMap',
  name: string,
  { namespace }: CasePlace,
  parts: object,
): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace },
  ...parts,
});

/** A Secret as it is stored. */
function secret(
  name: string,
  place: CasePlace,
  values: Readonly<Record<string, string>>,
  labels = {},
): KubeObject {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return { ...core('Secret', name, place, { data }), metadata: { name, namespace: place.namespace, labels } };
}

const fluxObject = (
  apiVersion: string,
  kind: string,
  { namespace }: CasePlace,
  parts: object,
): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'fleet', namespace },
  ...parts,
});

function sourceCase(kind: string): GeneratorCase {
  return {
    use: 'repositoryRef',
    spec: () => REPOSITORY_SPEC,
    objects: (place, step) => {
      const artifact = place.outside.artifact(step === 'before' ? 'web' : 'api');
      return [fluxObject('source.toolkit.fluxcd.io/v1', kind, place, { status: { artifact } })];
    },
    text: '{{ .Element.Directory }}',
    before: './apps/web',
    after: './apps/api',
  };
}

/** A ConfigMap with a name that changes, for generators that read it by themselves or through a child. */
const configMap: GeneratorCase = {
  use: 'ConfigMap',
  spec: () => ({ kind: 'ConfigMap', name: 'environment' }),
  objects: (place, step) => [core('ConfigMap', 'environment', place, { data: { name: step } })],
  text: '{{ .Element.name }}',
  before: 'before',
  after: 'after',
};

/** A generator that runs others reads what these read. */
function composedCase(spec: object): GeneratorCase {
  return { ...configMap, rightsOf: 'config', spec: () => spec };
}

const config = { config: { kind: 'ConfigMap', name: 'environment' } };

const token = (place: CasePlace, step: string, key: string) => [secret('token', place, { [key]: step })];

/** By the generator; those that read no object have none. */
export const generatorCases: Readonly<Record<string, readonly GeneratorCase[]>> = {
  list: [],
  apiClient: [
    {
      use: 'headersRef` of a Secret',
      spec: ({ outside }) => ({
        interval: '24h',
        endpoint: `${outside.origin}/elements`,
        headersRef: { kind: 'Secret', name: 'token' },
      }),
      objects: (place, step) => token(place, step, 'x-name'),
      text: '{{ .Element.name }}',
      before: 'before',
      after: 'after',
    },
    {
      use: 'headersRef` of a ConfigMap',
      spec: ({ outside }) => ({
        interval: '24h',
        endpoint: `${outside.origin}/elements`,
        headersRef: { kind: 'ConfigMap', name: 'headers' },
      }),
      objects: (place, step) => [core('ConfigMap', 'headers', place, { data: { 'x-name': step } })],
      text: '{{ .Element.name }}',
      before: 'before',
      after: 'after',
    },
  ],
  prometheus: [
    {
      use: 'secretRef',
      spec: ({ outside }) => ({
        interval: '24h',
        url: outside.origin,
        query: 'up',
        secretRef: { name: 'token' },
      }),
      objects: (place, step) => token(place, step, 'token'),
      text: '{{ .Element.metric.pod }}',
      before: 'before',
      after: 'after',
    },
  ],
  gitDirectory: [
    {
      use: 'secretRef',
      spec: ({ outside }) => ({
        interval: '24h',
        url: outside.repository,
        directories: [{ path: 'apps/*' }],
        secretRef: { name: 'git' },
      }),
      objects: (place, step) => [
        secret('git', place, {
          username: GIT_USER.user,
          password: step === 'after' ? GIT_USER.password : 'wrong',
        }),
      ],
      text: '{{ .Element.path }}',
      after: 'apps/web',
    },
  ],
  gitRepository: [sourceCase('GitRepository')],
  ociRepository: [sourceCase('OCIRepository')],
  pullRequests: [
    {
      use: 'secretRef',
      spec: ({ outside }) => ({
        interval: '24h',
        driver: 'github',
        serverURL: outside.secureOrigin,
        repo: 'octo/hello',
        secretRef: { name: 'token' },
        certSecretRef: { name: 'ca' },
      }),
      objects: (place, step) => [
        ...token(place, step, 'password'),
        secret('ca', place, { 'ca.crt': place.outside.certificates.ca.cert }),
      ],
      text: '{{ .Element.Branch }}',
      before: 'before',
      after: 'after',
    },
  ],
  config: [
    configMap,
    {
      use: 'Secret',
      spec: () => ({ kind: 'Secret', name: 'token' }),
      objects: (place, step) => token(place, step, 'name'),
      text: '{{ .Element.name }}',
      before: 'before',
      after: 'after',
    },
  ],
  object: [
    {
      use: 'name',
      reads: { apiGroups: [''], resources: ['configmaps'] },
      spec: () => ({ apiVersion: 'v1', kind: 'ConfigMap', name: 'environment' }),
      objects: configMap.objects,
      text: '{{ .Element.data.name }}',
      before: 'before',
      after: 'after',
    },
    {
      use: 'selector',
      reads: { apiGroups: [''], resources: ['secrets'] },
      spec: () => ({ apiVersion: 'v1', kind: 'Secret', selector: { matchLabels: { team: 'apps' } } }),
      objects: (place, step) => [
        secret('one', place, {}, { team: 'apps' }),
        ...(step === 'after' ? [secret('two', place, {}, { team: 'apps' })] : []),
      ],
      text: '{{ .Element.metadata.name }}',
      before: 'one',
      after: 'one two',
    },
  ],
  cluster: [
    {
      use: '`selector`',
      spec: ({ namespace }) => ({ selector: { matchLabels: { tenant: namespace } } }),
      objects: (place, step) => [
        {
          ...fluxObject('gitops.weave.works/v1alpha1', 'GitopsCluster', place, {}),
          metadata: {
            name: 'prod',
            namespace: place.namespace,
            labels: { tenant: place.namespace, env: step },
          },
        },
      ],
      text: '{{ .Element.ClusterLabels.env }}',
      before: 'before',
      after: 'after',
    },
    {
      use: 'secretSelector',
      spec: () => ({ secretSelector: { matchLabels: { cluster: 'yes' } } }),
      objects: (place, step) => [secret('prod', place, {}, { cluster: 'yes', env: step })],
      text: '{{ .Element.ClusterLabels.env }}',
      before: 'before',
      after: 'after',
    },
  ],
  imagePolicy: [
    {
      use: 'policyRef',
      spec: () => ({ policyRef: 'fleet' }),
      objects: (place, step) => {
        const latestRef = { name: 'ghcr.io/stefanprodan/podinfo', tag: step };
        return [fluxObject('image.toolkit.fluxcd.io/v1', 'ImagePolicy', place, { status: { latestRef } })];
      },
      text: '{{ .Element.latestTag }}',
      before: 'before',
      after: 'after',
    },
  ],
  matrix: [composedCase({ generators: [{ list: { elements: [{ a: 1 }] } }, config] })],
  merge: [composedCase({ keys: ['name'], generators: [config] })],
};
