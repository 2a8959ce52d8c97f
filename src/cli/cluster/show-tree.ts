import { GROUP } from '../../api/crd.ts';
import { KIND } from '../../api/generatorset-schema.ts';
import { createDiscovery } from '../../clients/cluster/discovery.ts';
import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import type { ClusterSession } from '../cluster-session.ts';
import type { CommandContext } from '../command-context.ts';
import type { DataFormat } from '../format-data.ts';
import { growTree } from './grow-tree.ts';
import { formatValue } from './output-format.ts';
import { formatTree, treeToJson } from './resource-tree.ts';
import { viewSet } from './set-view.ts';
import { readSet } from './stored-sets.ts';

/** The options of `tree`. */
export interface TreeOptions extends ClusterOptions {
  readonly compact?: boolean;
  readonly output?: DataFormat;
}

/** Prints the tree of a set. Of a set that commits to Git the cluster knows only how it stands, which is said. */
export async function showTree(
  session: ClusterSession,
  { name, namespace, compact = false, output }: TreeOptions & { readonly name: string },
  { streams: { stdout } }: CommandContext,
): Promise<void> {
  const object = await readSet(session, { namespace, name });
  const { client } = session;
  const discovery = createDiscovery(client, { now: () => performance.now() });
  const world = { ...session, discovery, isCompact: compact };
  const tree = await growTree(world, { namespace, name, group: GROUP, kind: KIND }, object);
  stdout.write(output ? formatValue(treeToJson(tree), output) : formatTree(tree));
  const advice = isInGit(object) ? describeGit(object) : undefined;
  if (advice !== undefined) session.printer.action(advice);
}

function isInGit(object: JsonObject): boolean {
  const spec = ownValue(object, 'spec');
  const target = isObject(spec) ? ownValue(spec, 'target') : undefined;
  return isObject(target) && isObject(ownValue(target, 'git'));
}

/** What it delivers are files, which another controller applies. */
function describeGit(object: JsonObject): string {
  const { status } = viewSet(object);
  const { elements, lastAppliedRevision: revision } = status;
  if (revision === undefined) return 'it commits files to Git, and has not done so yet';
  const from = elements === undefined ? '' : `, made of ${elements} element${elements === 1 ? '' : 's'}`;
  return `it commits files to Git: ${revision}${from}; the Kustomization that applies them has their tree`;
}
