import { sha256 } from '../lib/digest.ts';
import { checkFilePath } from '../lib/file-path.ts';
import type { Change } from '../plan/change.ts';
import type { Delivery } from '../plan/target.ts';
import { TargetMovedError } from '../plan/target.ts';

/** What a delivery does to the files below the target's path; the state is not among them. */
export interface FileChanges {
  /** New texts by path. */
  readonly writes: ReadonlyMap<string, string>;
  readonly removals: readonly string[];
}

/**
 * The files that a plan writes and removes. Only a file of the inventory is removed, and only while it is as it
 * was delivered; the plan has seen to that already, but a wrong deletion is worth two looks.
 */
export async function fileChanges({ plan, previous }: Delivery, signal: AbortSignal): Promise<FileChanges> {
  if (plan.held) throw new Error('a held plan cannot be delivered');
  const writes = new Map<string, string>();
  for (const change of plan.changes) {
    if (change.action !== 'created' && change.action !== 'configured') continue;
    checkFilePath(change.path);
    if (change.after === undefined) throw new Error(`the change of ${change.path} has no text`);
    writes.set(change.path, change.after);
  }
  const removals = plan.changes.filter((change) => change.action === 'deleted').map((change) => change.path);
  const both = removals.find((path) => writes.has(path));
  if (both !== undefined) throw new Error(`the plan both writes and removes ${JSON.stringify(both)}`);
  return { writes, removals: await presentAsDelivered(removals, previous, signal) };
}

/** Throws a TargetMovedError unless a file still has the text that the plan was made for. */
export function checkUnmoved(change: Change, present: string | undefined): void {
  if (change.action === 'configured' && change.before !== undefined && change.before !== present)
    throw new TargetMovedError(`file ${JSON.stringify(change.path)} was edited while it was planned for`);
  if (change.action === 'created' && present !== undefined)
    throw new TargetMovedError(`file ${JSON.stringify(change.path)} appeared while it was planned for`);
}

async function presentAsDelivered(
  removals: readonly string[],
  previous: Delivery['previous'],
  signal: AbortSignal,
): Promise<string[]> {
  const digests = new Map(previous.state?.inventory.map((entry) => [entry.path, entry.digest]));
  const texts = await previous.read(removals, signal);
  return removals.filter((path) => {
    checkFilePath(path);
    const text = texts.get(path);
    if (text === undefined) return false;
    if (digests.get(path) !== sha256(text))
      throw new Error(`file ${JSON.stringify(path)} is not as this set delivered it, so it is not removed`);
    return true;
  });
}
