/** Kinds that others need before them, by group: each list is a stage. What is in none comes after these. */
const FIRST: readonly Readonly<Record<string, readonly string[]>>[] = [
  { 'apiextensions.k8s.io': ['CustomResourceDefinition'] },
  { '': ['Namespace'] },
  { '': ['ServiceAccount'], 'rbac.authorization.k8s.io': ['ClusterRole', 'Role'] },
  { 'rbac.authorization.k8s.io': ['ClusterRoleBinding', 'RoleBinding'] },
];

/** Kinds that make the API server ask others; those must be there first. */
const LAST: Readonly<Record<string, readonly string[]>> = {
  'admissionregistration.k8s.io': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  'apiregistration.k8s.io': ['APIService'],
};

/** Definitions that objects of the last stage but one refer to by name, such as StorageClass or GatewayClass. */
const CLASS = /Class$/;

/** How many stages there are. */
export const STAGES = FIRST.length + 3;

/** The stage, from 0, in which objects of a kind are applied; they are deleted in the reverse order. */
export function stageOf({ group, kind }: { readonly group: string; readonly kind: string }): number {
  const first = FIRST.findIndex((stage) => isListed(stage, group, kind));
  if (first >= 0) return first;
  if (isListed(LAST, group, kind)) return FIRST.length + 2;
  return CLASS.test(kind) ? FIRST.length : FIRST.length + 1;
}

function isListed(stage: Readonly<Record<string, readonly string[]>>, group: string, kind: string): boolean {
  return Object.hasOwn(stage, group) && (stage[group]?.includes(kind) ?? false);
}
