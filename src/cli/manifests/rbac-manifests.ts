import { GROUP, PLURAL } from '../../api/crd.ts';
import type { JsonObject } from '../../lib/json.ts';
import { CONTROLLER, type Installation, installLabels } from './labels.ts';

const RBAC = 'rbac.authorization.k8s.io';
const API_VERSION = `${RBAC}/v1`;
/** The binding that `--cluster-admin` and the component of that name add. */
const ADMIN_BINDING = 'generatorset-cluster-admin';

/**
 * What the controller may do everywhere: serve its own kind, act as the service accounts of sets, keep inventories in
 * ConfigMaps and say what happened. It may read no Secret: what a set needs is read as the set's service account.
 */
const CONTROLLER_RULES: readonly JsonObject[] = [
  { apiGroups: [GROUP], resources: [PLURAL], verbs: ['get', 'list', 'watch', 'patch', 'update'] },
  { apiGroups: [GROUP], resources: [`${PLURAL}/status`], verbs: ['get', 'patch', 'update'] },
  { apiGroups: [GROUP], resources: [`${PLURAL}/finalizers`], verbs: ['update'] },
  { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'impersonate'] },
  // Whether it ends, and the rights of its accounts with it.
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'delete', 'get', 'patch'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
];

/** What it may do in its own namespace: be elected, and remember when sets ran last. */
const NAMESPACE_RULES: readonly JsonObject[] = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'get', 'update'] },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'get', 'patch', 'update'] },
];

/** The controller's identity and its rights, each object with the file that it stands in below `config/rbac`. */
export function rbacManifests(installation: Installation): Map<string, JsonObject> {
  const { namespace } = installation;
  const labels = installLabels(installation, 'rbac');
  const named = { name: CONTROLLER, labels };
  const inNamespace = { name: CONTROLLER, namespace, labels };
  return new Map<string, JsonObject>([
    ['service-account.yaml', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inNamespace }],
    ['cluster-role.yaml', role('ClusterRole', named, CONTROLLER_RULES)],
    ['cluster-role-binding.yaml', binding('ClusterRole', named, namespace)],
    ['role.yaml', role('Role', inNamespace, NAMESPACE_RULES)],
    ['role-binding.yaml', binding('Role', inNamespace, namespace)],
    ['view-role.yaml', viewRole(labels)],
    ['edit-role.yaml', editRole(labels)],
  ]);
}

/** Lets the controller do anything, for sets that name no service account: whoever may write a set then may, too. */
export function adminBinding(installation: Installation): JsonObject {
  const metadata = { name: ADMIN_BINDING, labels: installLabels(installation, 'rbac') };
  return {
    ...binding('ClusterRole', metadata, installation.namespace),
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
  };
}

/** Who may view a namespace may view its sets. */
function viewRole(labels: JsonObject): JsonObject {
  const rules = [{ apiGroups: [GROUP], resources: [PLURAL], verbs: ['get', 'list', 'watch'] }];
  const aggregated = aggregate(labels, ['view', 'edit', 'admin']);
  return role('ClusterRole', { name: 'generatorset-view', labels: aggregated }, rules);
}

/** Who may edit a namespace may edit its sets; their status is the controller's. */
function editRole(labels: JsonObject): JsonObject {
  const verbs = ['create', 'delete', 'deletecollection', 'patch', 'update'];
  const aggregated = aggregate(labels, ['edit', 'admin']);
  const metadata = { name: 'generatorset-edit', labels: aggregated };
  return role('ClusterRole', metadata, [{ apiGroups: [GROUP], resources: [PLURAL], verbs }]);
}

/** https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles */
function aggregate(labels: JsonObject, roles: readonly string[]): JsonObject {
  return {
    ...labels,
    ...Object.fromEntries(roles.map((name) => [`${RBAC}/aggregate-to-${name}`, 'true'])),
  };
}

function role(kind: 'ClusterRole' | 'Role', metadata: JsonObject, rules: readonly JsonObject[]): JsonObject {
  return { apiVersion: API_VERSION, kind, metadata, rules: [...rules] };
}

/** Binds the role of the same name to the controller. */
function binding(kind: 'ClusterRole' | 'Role', metadata: JsonObject, namespace: string): JsonObject {
  return {
    apiVersion: API_VERSION,
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: RBAC, kind, name: CONTROLLER },
    subjects: [{ kind: 'ServiceAccount', name: CONTROLLER, namespace }],
  };
}
