import { type Attack, api, content, generator, git } from './tenancy-attack.ts';
import { NETWORK_ATTACKS } from './tenancy-network.ts';

const configMap = (namespace: string, name = 'loot', metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, ...metadata },
  data: { from: 'mallory' },
});

const RBAC = 'rbac.authorization.k8s.io';

const role = (kind: string, metadata: object): object => ({
  apiVersion: `${RBAC}/v1`,
  kind,
  metadata,
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: RBAC, kind: 'User', name: 'mallory' }],
});

/** Values that are no name of an account; the API server itself takes none of them. */
export const NO_ACCOUNTS: readonly string[] = [
  '',
  ' ',
  '../x',
  '..%2Fx',
  'system:masters',
  'system:serviceaccount:flux-system:generatorset-controller',
  'victim/admin',
  'deployer\nimpersonate-group: system:masters',
  'Deployer',
  'a'.repeat(254),
];

/** Accounts that have no rights to what is rendered. */
const ACCOUNTS: readonly Attack[] = [
  {
    what: 'no account at all',
    spec: () => ({ serviceAccountName: undefined }),
    reason: 'AccessDenied',
    message: /:default" cannot get resource "configmaps"/,
  },
  {
    what: 'an account that does not exist',
    spec: () => ({ serviceAccountName: 'nobody' }),
    reason: 'AccessDenied',
    message: /:nobody" cannot get resource "configmaps"/,
  },
  {
    what: "the name of another namespace's account",
    spec: () => ({ serviceAccountName: 'admin' }),
    reason: 'AccessDenied',
    message: /mallory-\w+:admin" cannot get resource "configmaps"/,
  },
  {
    what: "the name of the controller's account",
    spec: () => ({ serviceAccountName: 'generatorset-controller' }),
    reason: 'AccessDenied',
    message: /mallory-\w+:generatorset-controller" cannot get/,
  },
];

const SECRET = { kind: 'Secret', name: 'canary' };
const MAY_NOT_GET = /serviceaccount:mallory-\w+:deployer may not get secrets\/canary in namespace mallory/;

/** Secrets and sources that the account may not read, in the set's own namespace: there is no field for another. */
const REFERENCES: readonly Attack[] = [
  {
    what: 'headers of a Secret that its account may not read',
    spec: ({ canary }) => api(canary, { headersRef: SECRET }),
    reason: 'AccessDenied',
    message: MAY_NOT_GET,
  },
  {
    what: 'a CA of such a Secret',
    spec: ({ canary }) => api(canary, { secretRef: { name: 'canary' } }),
    reason: 'AccessDenied',
    message: MAY_NOT_GET,
  },
  {
    what: 'a client certificate of such a Secret',
    spec: ({ canary }) => api(canary, { certSecretRef: { name: 'canary' } }),
    reason: 'AccessDenied',
    message: MAY_NOT_GET,
  },
  {
    what: 'a repository to read with such a Secret',
    spec: ({ canary }) =>
      generator({
        gitDirectory: {
          interval: '1h',
          url: `${canary}/x.git`,
          directories: [{ path: '*' }],
          secretRef: { name: 'canary' },
        },
      }),
    reason: 'AccessDenied',
    message: MAY_NOT_GET,
  },
  {
    what: 'a repository to write with such a Secret',
    spec: ({ canary }) => git({ url: `${canary}/x.git`, secretRef: { name: 'canary' } }),
    reason: 'AccessDenied',
    message: MAY_NOT_GET,
  },
  {
    what: 'a Flux source that its account may not read',
    spec: () => git({ sourceRef: { kind: 'GitRepository', name: 'fleet' } }),
    reason: 'AccessDenied',
    message: /may not get gitrepositories.source.toolkit.fluxcd.io\/fleet in namespace mallory/,
  },
  {
    what: 'a dependency that its account may not read',
    spec: () => ({ dependsOn: [{ apiVersion: 'v1', kind: 'Secret', name: 'canary' }] }),
    reason: 'AccessDenied',
    message: MAY_NOT_GET,
  },
  {
    what: 'a dependency of the whole cluster',
    spec: () => ({ dependsOn: [{ apiVersion: 'v1', kind: 'Node', name: 'node' }] }),
    reason: 'AccessDenied',
    message: /may not get nodes\/node/,
  },
];

const cannotGet = (resource: string): RegExp =>
  new RegExp(`serviceaccount:mallory-\\w+:deployer" cannot get resource "${resource}"`);

/** Resources that the account may not write. */
const RESOURCES: readonly Attack[] = [
  {
    what: 'a ClusterRoleBinding',
    spec: () => content(role('ClusterRoleBinding', { name: 'loot' })),
    reason: 'AccessDenied',
    message: cannotGet('clusterrolebindings'),
  },
  {
    what: 'a RoleBinding of its own namespace',
    spec: () => content(role('RoleBinding', { name: 'loot' })),
    reason: 'AccessDenied',
    message: cannotGet('rolebindings'),
  },
  {
    what: 'a Namespace',
    spec: () => content({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'loot' } }),
    reason: 'AccessDenied',
    message: cannotGet('namespaces'),
  },
  {
    what: "labels for the controller's Namespace",
    spec: () => content({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } }),
    reason: 'AccessDenied',
    message: cannotGet('namespaces'),
  },
  {
    what: 'a CustomResourceDefinition',
    spec: () =>
      content({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'loots.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind: 'Loot', plural: 'loots' },
          versions: [
            { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
          ],
        },
      }),
    reason: 'AccessDenied',
    message: cannotGet('customresourcedefinitions'),
  },
  {
    what: 'a webhook',
    spec: () =>
      content({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'loot' },
        webhooks: [],
      }),
    reason: 'AccessDenied',
    message: cannotGet('validatingwebhookconfigurations'),
  },
  {
    what: 'a ConfigMap of another namespace',
    spec: ({ victim }) => content(configMap(victim.namespace)),
    reason: 'AccessDenied',
    message: cannotGet('configmaps'),
  },
  {
    what: 'a ConfigMap of kube-system',
    spec: () => content(configMap('kube-system', 'extension-apiserver-authentication')),
    reason: 'AccessDenied',
    message: cannotGet('configmaps'),
  },
  {
    what: 'the ConfigMap in which the controller keeps its last runs',
    spec: () => content(configMap('flux-system', 'generatorset-controller-checkpoint')),
    reason: 'AccessDenied',
    message: cannotGet('configmaps'),
  },
  {
    what: 'a Secret of its own namespace',
    spec: () =>
      content({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'canary' }, stringData: { a: 'b' } }),
    reason: 'AccessDenied',
    message: cannotGet('secrets'),
  },
  {
    what: 'itself',
    spec: ({ mallory }) =>
      content({
        apiVersion: 'generatorset.dev/v1alpha1',
        kind: 'GeneratorSet',
        metadata: { name: 'loot', namespace: mallory.namespace },
        spec: { serviceAccountName: 'admin', generators: [], templates: [] },
      }),
    reason: 'AccessDenied',
    message: cannotGet('generatorsets'),
  },
  {
    what: 'a set of another namespace, which would act as an account there',
    spec: ({ victim }) =>
      content({
        apiVersion: 'generatorset.dev/v1alpha1',
        kind: 'GeneratorSet',
        metadata: { name: 'loot', namespace: victim.namespace },
        spec: { serviceAccountName: 'admin', generators: [], templates: [] },
      }),
    reason: 'AccessDenied',
    message: cannotGet('generatorsets'),
  },
  {
    what: 'a dry run that becomes a path',
    spec: () => content(configMap('kube-system', '../../../kube-system/configmaps/x')),
    reason: 'BuildFailed',
    message: /name/,
  },
  {
    what: 'an API version that becomes a path',
    spec: () => content({ apiVersion: '../../../api/v1', kind: 'Secret', metadata: { name: 'x' } }),
    reason: 'BuildFailed',
    message: /apiVersion "\.\.\/\.\.\/\.\.\/api\/v1" can't be right/,
  },
];

/** Everything that a set may try by its spec alone. */
export const ATTACKS: readonly Attack[] = [...ACCOUNTS, ...REFERENCES, ...RESOURCES, ...NETWORK_ATTACKS];
