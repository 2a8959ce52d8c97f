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

/** On a namespace that `install` has made, which `uninstall` may remove. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': PART_OF } as const;
