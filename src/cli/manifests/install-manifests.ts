import { customResourceDefinition } from '../../api/crd.ts';
import type { GeneratorSchemas } from '../../api/generatorset-schema.ts';
import type { JsonObject } from '../../lib/json.ts';
import { ADMIN_ARGS, DEFAULT_ARGS, defaultImage, deployment } from './deployment.ts';
import { type Installation, installLabels } from './labels.ts';
import { adminBinding, rbacManifests } from './rbac-manifests.ts';

/** What an installation may be told. */
export interface InstallSettings extends Installation {
  readonly generators: GeneratorSchemas;
  /** Default: that of this version. */
  readonly image?: string;
  /** Whether sets without a service account may do anything. */
  readonly clusterAdmin?: boolean;
}

/** Everything that is installed, in the order in which a cluster takes it: each needs only what stands before it. */
export function installManifests(settings: InstallSettings): JsonObject[] {
  return [
    namespaceManifest(settings.namespace),
    customResourceDefinition(settings.generators, installLabels(settings, 'api')),
    ...rbacManifests(settings).values(),
    ...(settings.clusterAdmin ? [adminBinding(settings)] : []),
    deployment(
      settings,
      settings.image ?? defaultImage(settings.version),
      settings.clusterAdmin ? ADMIN_ARGS : DEFAULT_ARGS,
    ),
  ];
}

/** Without labels, as the namespace may be another's, such as Flux's. */
export function namespaceManifest(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
