import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../lib/json.ts';
import type { ClusterSession } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import type { InstallationOptions, InstallOptions } from './install-options.ts';
import { applyManifest, nameOf, readManifest } from './manifests/cluster-manifests.ts';
import { hasCondition } from './manifests/has-condition.ts';
import { installManifests } from './manifests/install-manifests.ts';
import { MANAGED_BY, RESTRICTED } from './manifests/labels.ts';
import { refuseHelm } from './refuse-helm.ts';
import { removeInstalled } from './remove-installed.ts';

/** Milliseconds between two looks at something that is waited for. */
const POLL = 250;

/** The manifests of an installation, by the options of a command. */
export function installationManifests(
  options: InstallationOptions & { readonly namespace: string },
  { generators, version }: CommandContext,
): JsonObject[] {
  const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
  return installManifests({ ...options, version, generators: schemas });
}

/** Everything that an installation in this namespace can consist of, whatever its options were. */
export function allManifests(namespace: string, context: CommandContext): JsonObject[] {
  return installationManifests({ namespace, clusterAdmin: true }, context);
}

/**
 * Applies the manifests in their order, and removes what an installation with other options has left. Objects that are
 * right already stay as they are.
 */
export async function installInto(
  session: ClusterSession,
  options: InstallOptions,
  context: CommandContext,
): Promise<void> {
  const { printer, program } = session;
  await refuseHelm(session, options, 'use helm upgrade, or helm uninstall first');
  const manifests = installationManifests(options, context);
  printer.action('applying manifests');
  for (const manifest of manifests) {
    printer.success(`${nameOf(manifest)} ${await applyOne(session, manifest)}`);
    if (manifest['kind'] === 'CustomResourceDefinition') await waitEstablished(session, manifest);
  }
  const names = new Set(manifests.map(nameOf));
  const unwanted = allManifests(options.namespace, context).filter((it) => !names.has(nameOf(it)));
  for (const manifest of unwanted) await removeInstalled(session, manifest);
  printer.success(`install finished; see whether it runs with: ${program} check`);
}

/** A namespace that exists is somebody's; one that is made here is marked, so that uninstall may remove it. */
async function applyOne({ client, signal }: ClusterSession, manifest: JsonObject): Promise<string> {
  if (manifest['kind'] !== 'Namespace') return applyManifest(client, manifest, signal);
  if (await readManifest(client, manifest, signal)) return 'exists';
  const metadata = { ...(manifest['metadata'] as JsonObject), labels: { ...MANAGED_BY, ...RESTRICTED } };
  return applyManifest(client, { ...manifest, metadata }, signal);
}

async function waitEstablished({ client, printer, signal }: ClusterSession, crd: JsonObject): Promise<void> {
  printer.progress(`waiting for ${nameOf(crd)}`);
  for (;;) {
    const live = await readManifest(client, crd, signal);
    if (live && hasCondition(live, 'Established')) return;
    if (live && hasCondition(live, 'NamesAccepted', 'False'))
      throw new Error(`${nameOf(crd)}: another definition has its names; see kubectl describe crd`);
    await delay(POLL, undefined, { signal });
  }
}
