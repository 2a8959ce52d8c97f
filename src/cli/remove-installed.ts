import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../lib/json.ts';
import type { ClusterSession } from './cluster-session.ts';
import { deleteObject, labelsOf, nameOf, readManifest } from './manifests/cluster-manifests.ts';
import { PART_OF } from './manifests/labels.ts';

/** Milliseconds between two looks at something that is waited for. */
const POLL = 500;

/** Removes the object of a manifest from the cluster, where it is marked as installed by this program. */
export async function removeInstalled(
  { client, printer, signal }: ClusterSession,
  manifest: JsonObject,
): Promise<void> {
  const live = await readManifest(client, manifest, signal);
  if (!live) return;
  if (labelsOf(live)['app.kubernetes.io/part-of'] !== PART_OF) {
    printer.warning(`${nameOf(live)} stays: it lacks the label app.kubernetes.io/part-of: ${PART_OF}`);
    return;
  }
  await deleteObject(client, live, signal);
  if (manifest['kind'] === 'CustomResourceDefinition') {
    printer.progress(`waiting for the end of ${nameOf(live)}`);
    while (await readManifest(client, manifest, signal)) await delay(POLL, undefined, { signal });
  }
  printer.success(`${nameOf(live)} deleted`);
}
