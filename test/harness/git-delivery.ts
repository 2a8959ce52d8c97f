import type { Decision } from '../../src/api/decision.ts';
import { sha256 } from '../../src/lib/digest.ts';
import type { Change } from '../../src/plan/change.ts';
import {
  type Delivered,
  type Delivery,
  type Previous,
  type Target,
  TargetMovedError,
} from '../../src/plan/target.ts';

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
  const delivery = await planFiles(previous ?? (await target.read(signal)), files);
  return target.deliver({ ...delivery, message }, signal);
}

/** What a plan that writes these texts (null removes a file) would deliver. */
export async function planFiles(
  previous: Previous,
  files: Readonly<Record<string, string | null>>,
): Promise<Delivery> {
  const inventory = new Map(previous.state?.inventory.map((entry) => [entry.path, entry]));
  const before = await previous.read(Object.keys(files), AbortSignal.timeout(60_000));
  const changes = Object.entries(files).map(([path, text]): Change => {
    const old = before.get(path);
    const common = { id: path, path, evidence: [], ...(old !== undefined && { before: old }) };
    if (text === null) return { ...common, action: 'deleted' };
    return { ...common, action: old === undefined ? 'created' : 'configured', after: text };
  });
  for (const [path, text] of Object.entries(files)) {
    if (text === null) inventory.delete(path);
    else inventory.set(path, { id: path, path, digest: sha256(text), generator: 0, template: 0 });
  }
  const next = { version: 1 as const, inventory: [...inventory.values()], deletions: [] };
  return { plan: { changes, digest: 'd' }, next, previous, message: 'change' };
}

/** Decisions whose state is larger than 8 MiB, as 10,000 elements with three of them have. */
export function manyDecisions(): Decision[] {
  return Array.from({ length: 30_000 }, (_, index) => ({
    element: `${String(index).padStart(6, '0')} ${'x'.repeat(200)}`,
    name: 'limit',
    value: '64Mi',
    since: '2026-03-01T12:00:00.000Z',
    rule: 'Computed',
    input: '67108864',
  }));
}
