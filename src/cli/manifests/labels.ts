/** What the manifests of one installation have in common. */
export interface Installation {
  /** The controller's own namespace. */
  readonly namespace: string;
  /** Version of this program, without a leading `v`. */
  readonly version: string;
}

/** The value of `app.kubernetes.io/part-of` on everything that is installed, and nowhere else. */
export const PART_OF = 'generatorset';
/** The name of the controller's Deployment, service account and roles. */
export const CONTROLLER = 'generatorset-controller';

/** The recommended labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels */
export function installLabels(
  { namespace, version }: Installation,
  component: 'api' | 'controller' | 'rbac',
): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'generatorset',
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/instance': namespace,
    'app.kubernetes.io/part-of': PART_OF,
    'app.kubernetes.io/version': `v${version}`,
  };
}

/** What finds the controller's pods. A selector never changes, so that it holds neither version nor namespace. */
export function selectorLabels(): Record<string, string> {
  return { 'app.kubernetes.io/name': 'generatorset', 'app.kubernetes.io/component': 'controller' };
}

/** The label that names the tool by which an object came into the cluster. */
export const MANAGER_LABEL = 'app.kubernetes.io/managed-by';

/** On a namespace that `install` has made, which `uninstall` may remove. */
export const MANAGED_BY = { [MANAGER_LABEL]: PART_OF } as const;

/** On the same: it takes no pod that may do more, and warns of a workload that would make one. */
export const RESTRICTED = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
} as const;
