import type { KubeObject } from './kube-request.ts';

/** Flux's GitRepository, without its schema: tests write its status as source-controller would. */
export const GIT_REPOSITORY_CRD = looseCrd({
  group: 'source.toolkit.fluxcd.io',
  version: 'v1',
  kind: 'GitRepository',
  plural: 'gitrepositories',
  shortNames: ['gitrepo'],
});

/** Flux's Kustomization, without its schema; it is applied and never reconciled. */
export const KUSTOMIZATION_CRD = looseCrd({
  group: 'kustomize.toolkit.fluxcd.io',
  version: 'v1',
  kind: 'Kustomization',
  plural: 'kustomizations',
  shortNames: ['ks'],
});

/** What tells one loose definition from another. */
interface LooseKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly scope?: 'Namespaced' | 'Cluster';
}

/** A custom resource definition that takes any fields and has the status subresource. */
export function looseCrd({
  group,
  version,
  kind,
  plural,
  shortNames = [],
  scope = 'Namespaced',
}: LooseKind): KubeObject {
  const singular = kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, listKind: `${kind}List`, plural, singular, shortNames },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}
