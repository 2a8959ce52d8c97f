import type { ClusterSession } from './cluster-session.ts';
import { labelsOf, readManifest } from './manifests/cluster-manifests.ts';
import { CONTROLLER, MANAGER_LABEL } from './manifests/labels.ts';

/** Throws where Helm installed the controller: it would bring back what others remove, and remove what they bring. */
export async function refuseHelm(
  { client, signal }: ClusterSession,
  { namespace }: { readonly namespace: string },
  advice: string,
): Promise<void> {
  const metadata = { namespace, name: CONTROLLER };
  const live = await readManifest(client, { apiVersion: 'apps/v1', kind: 'Deployment', metadata }, signal);
  if (live && labelsOf(live)[MANAGER_LABEL] === 'Helm')
    throw new Error(`the controller in namespace ${namespace} was installed by Helm: ${advice}`);
}
