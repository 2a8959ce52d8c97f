import { customResourceDefinition } from '../../api/crd.ts';
import type { GeneratorSchemas } from '../../api/generatorset-schema.ts';
import type { JsonObject } from '../../lib/json.ts';
import { type ControllerSettings, controllerArgs } from './controller-args.ts';
import { defaultImage, deployment } from './deployment.ts';
import { type Installation, installLabels } from './labels.ts';
import { networkPolicy } from './network-policy.ts';
import { adminBinding, rbacManifests } from './rbac-manifests.ts';

/** What an installation may be told. */
export interface InstallSettings extends Installation, ControllerSettings {
  readonly generators: GeneratorSchemas;
  /** Where this version's image is; default: where it is published. */
  readonly registry?: string;
  /** Default: that of this version. */
  readonly image?: string;
  readonly imagePullSecret?: string;
  readonly tolerationKeys?: readonly string[];
  /** Whether only metrics can be reached from elsewhere; default true. */
  readonly networkPolicy?: boolean;
}

/** Everything that is installed, in the order in which a cluster takes it: each needs only what stands before it. */
export function installManifests(settings: InstallSettings): JsonObject[] {
  return [
    namespaceManifest(settings.namespace),
    customResourceDefinition(settings.generators, installLabels(settings, 'api')),
    ...rbacManifests(settings).values(),
    ...(settings.clusterAdmin ? [adminBinding(settings)] : []),
    ...((settings.networkPolicy ?? true) ? [networkPolicy(settings)] : []),
    deployment(settings, {
      ...settings,
      image: settings.image ?? defaultImage(settings.version, settings.registry),
      args: controllerArgs(settings),
    }),
  ];
}

/** Without labels, as the namespace may be another's, such as Flux's. */
export function namespaceManifest(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
