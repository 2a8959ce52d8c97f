import { setTimeout as delay } from 'node:timers/promises';
import { CRD_NAME, GROUP, PLURAL, VERSION } from '../api/crd.ts';
import { isConflict, isNotFound } from '../clients/cluster/api-error.ts';
import { type JsonObject, ownValue } from '../lib/json.ts';
import { FINALIZER } from '../status/finalizer.ts';
import { listSetMetadata } from './cluster/stored-sets.ts';
import type { UninstallOptions } from './cluster-options.ts';
import type { ClusterSession } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { confirm } from './confirm.ts';
import { allManifests } from './install-controller.ts';
import { deleteObject, labelsOf, metadataOf, nameOf, readManifest } from './manifests/cluster-manifests.ts';
import { MANAGED_BY, PART_OF } from './manifests/labels.ts';
import { refuseHelm } from './refuse-helm.ts';
import { removeInstalled } from './remove-installed.ts';

/** Milliseconds between two looks at something that is waited for. */
const POLL = 500;
/** How often a finalizer is removed anew while others write the object. */
const TRIES = 5;

/**
 * Removes an installation, the controller first, so that it cannot prune what the sets have applied. Throws
 * where a step fails; a second call goes on from there.
 */
export async function uninstallFrom(
  session: ClusterSession,
  options: UninstallOptions,
  context: CommandContext,
): Promise<void> {
  const { printer } = session;
  await refuseHelm(session, options, 'use helm uninstall');
  const sets = await listSets(session);
  describe(session, { options, sets });
  if (!options.silent && !(await askFirst(session, context))) return printer.failure('nothing was removed');

  const manifests = allManifests(options.namespace, context).toReversed();
  for (const manifest of manifests) {
    if (manifest['kind'] === 'CustomResourceDefinition') {
      await waitForPods(session, options.namespace);
      for (const set of await listSets(session)) await removeFinalizer(session, set);
      if (options.keepCrds) continue;
    }
    if (manifest['kind'] === 'Namespace') await removeNamespace(session, manifest, options);
    else await removeInstalled(session, manifest);
  }
  printer.success('uninstall finished');
}

/** The metadata of all sets; none where the cluster does not know the kind. */
async function listSets(session: ClusterSession): Promise<JsonObject[]> {
  try {
    return await listSetMetadata(session, { namespace: '' });
  } catch (error) {
    if (isNotFound((error as Error).cause)) return [];
    throw error;
  }
}

function describe(
  { printer }: ClusterSession,
  { options, sets }: { options: UninstallOptions; sets: readonly JsonObject[] },
): void {
  printer.action(`the controller in namespace ${options.namespace} and its roles will be removed`);
  const names = sets.slice(0, 10).map(({ namespace, name }) => `${namespace}/${name}`);
  const some = sets.length > names.length ? `${names.join(', ')}, ...` : names.join(', ');
  const what = `${sets.length} GeneratorSet${sets.length === 1 ? '' : 's'}${some && ` (${some})`}`;
  if (options.keepCrds) printer.action(`${what} and ${CRD_NAME} stay`);
  else printer.action(`${CRD_NAME} and ${what} will be removed; what they have applied stays`);
}

function askFirst({ signal }: ClusterSession, { streams }: CommandContext): Promise<boolean> {
  return confirm('Remove it?', streams, { option: '--silent', signal });
}

async function removeNamespace(
  { client, printer, signal }: ClusterSession,
  manifest: JsonObject,
  { keepNamespace }: UninstallOptions,
): Promise<void> {
  if (keepNamespace) return;
  const live = await readManifest(client, manifest, signal);
  if (!live || metadataOf(live)['deletionTimestamp'] !== undefined) return;
  const [[label, value]] = Object.entries(MANAGED_BY) as [[string, string]];
  if (labelsOf(live)[label] !== value) {
    printer.warning(`${nameOf(live)} stays: install did not make it`);
    return;
  }
  await deleteObject(client, live, signal);
  printer.success(`${nameOf(live)} deleted`);
}

/** A controller that still runs would prune for sets that are deleted. */
async function waitForPods({ client, printer, signal }: ClusterSession, namespace: string): Promise<void> {
  const labelSelector = `app.kubernetes.io/part-of=${PART_OF},app.kubernetes.io/component=controller`;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  for (;;) {
    const list = await client.request({ method: 'GET', path, query: { labelSelector, limit: '1' } }, signal);
    const pods = ownValue(list, 'items');
    if (!Array.isArray(pods) || pods.length === 0) return;
    printer.progress('waiting for the end of the controller');
    await delay(POLL, undefined, { signal });
  }
}

/** Without its controller nobody else would, and the set could never go. */
async function removeFinalizer({ client, signal }: ClusterSession, set: JsonObject): Promise<void> {
  const { namespace, name } = set as { namespace: string; name: string };
  const parts = [namespace, name].map(encodeURIComponent);
  const path = `/apis/${GROUP}/${VERSION}/namespaces/${parts[0]}/${PLURAL}/${parts[1]}`;
  let metadata = set;
  for (let tried = 1; ; tried++) {
    const { finalizers, resourceVersion = '' } = metadata;
    if (!Array.isArray(finalizers) || !finalizers.includes(FINALIZER)) return;
    const rest = finalizers.filter((finalizer) => finalizer !== FINALIZER);
    const body = { metadata: { resourceVersion, finalizers: rest } };
    const contentType = 'application/merge-patch+json';
    try {
      await client.request({ method: 'PATCH', path, contentType, body }, signal);
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isConflict(error) || tried === TRIES) throw error;
      metadata = metadataOf(await client.request({ method: 'GET', path }, signal));
    }
  }
}
