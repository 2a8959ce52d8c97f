import { sha256 } from '../../src/lib/digest.ts';
import type { Change } from '../../src/plan/change.ts';
import { type Delivered, type Previous, type Target, TargetMovedError } from '../../src/plan/target.ts';

/** Delivers on what is there now, again whenever somebody else was first, as the loop does; gives how often. */
export async function deliverUntilDone(
  target: Target,
  files: Readonly<Record<string, string | null>>,
): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      await deliverFiles(target, files);
      return tries;
    } catch (error) {
      if (!(error instanceof TargetMovedError) || tries === 10) throw error;
    }
  }
}

/** Delivers texts (null removes a file) as a plan would, on what was read before or is read now. */
export async function deliverFiles(
  target: Target,
  files: Readonly<Record<string, string | null>>,
  { previous, message = 'change' }: { previous?: Previous; message?: string } = {},
): Promise<Delivered> {
  const signal = AbortSignal.timeout(60_000);
  const base = previous ?? (await target.read(signal));
  const inventory = new Map(base.state?.inventory.map((entry) => [entry.path, entry]));
  const changes = Object.entries(files).map(([path, text]): Change => {
    if (text === null) return { id: path, action: 'deleted', path, evidence: [] };
    const action = base.compare(path, '') === 'absent' ? 'created' : 'configured';
    return { id: path, action, path, after: text, evidence: [] };
  });
  for (const [path, text] of Object.entries(files)) {
    if (text === null) inventory.delete(path);
    else inventory.set(path, { id: path, path, digest: sha256(text), generator: 0, template: 0 });
  }
  const next = { version: 1 as const, inventory: [...inventory.values()], deletions: [] };
  return target.deliver({ plan: { changes, digest: 'd' }, next, previous: base, message }, signal);
}
