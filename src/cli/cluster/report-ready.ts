import type { ClusterOptions } from '../cluster-options.ts';
import type { ClusterSession } from '../cluster-session.ts';
import { reconcileCommand } from '../run-command.ts';
import type { SetView } from './set-view.ts';

/**
 * Says what came of a pass: what is delivered, what is held with the way to approve it, or why it failed, which is
 * thrown. Elements that are held are part of the message of Ready.
 */
export function reportReady(
  { printer, program }: Pick<ClusterSession, 'printer' | 'program'>,
  view: SetView,
  options: ClusterOptions,
): void {
  const { ready, status, metadata } = view;
  if (ready?.status !== 'True') {
    throw new Error(
      `the pass over GeneratorSet ${metadata.name} failed: ${ready?.message ?? 'no reason given'}`,
    );
  }
  const { held } = status;
  if (!held) {
    printer.success(`${ready.message}${revisionOf(view)}`);
    return;
  }
  if (held.changes) printer.success(`${ready.message}${revisionOf(view)}`);
  printer.warning(`held (${held.rule}): ${held.message}`);
  printer.action(`to approve it: ${reconcileCommand({ program, options }, metadata, [held.digest])}`);
}

function revisionOf({ status: { lastAppliedRevision } }: SetView): string {
  return lastAppliedRevision === undefined ? '' : `; revision ${lastAppliedRevision}`;
}
