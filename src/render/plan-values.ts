import type { Read } from '../api/rendered-resource.ts';
import type { JsonObject } from '../lib/json.ts';
import { createLeafFinder, planContent, type Report, renderPlan } from './content-plan.ts';
import type { LeafOptions } from './leaf.ts';
import { type RecordReads, readKeys } from './record-reads.ts';

/** The values that a set gives a ready-made template, compiled once for all elements. */
export interface ValuesPlan {
  /** The values for this data, with the defaults of those that the set does not give. What is wrong is reported. */
  render(data: object, report: Report): JsonObject;
  /** A recorder that gives, for a value that was read, what the value's own template read. */
  through(recordReads: RecordReads): RecordReads;
}

/** Compiles values. Those that don't parse are reported, and the plan then is undefined. */
export function planValues(
  { given, defaults }: { given: JsonObject; defaults: JsonObject },
  options: LeafOptions,
  report: Report,
): ValuesPlan | undefined {
  let isWrong = false;
  const plan = planContent(given, options, (error, path, where) => {
    isWrong = true;
    report(error, path, where);
  });
  if (isWrong) return undefined;
  const render = (data: object, reportValue: Report): JsonObject => ({
    ...defaults,
    ...(renderPlan(plan, data, reportValue) as JsonObject),
  });
  return {
    render,
    through: (recordReads) => (data, run) => {
      const values = render(data, ignore);
      const findLeaf = createLeafFinder(plan, data);
      const reads = recordReads({ ...data, Values: values }, run).flatMap((read) => {
        const [root, ...path] = readKeys(read.path);
        if (root !== 'Values') return [read];
        const leaf = findLeaf(path);
        return leaf ? recordReads(data, (observed) => attempt(() => leaf(observed))) : [];
      });
      return uniqueReads(reads);
    },
  };
}

/** What was rendered once fails at most where it may be random, or lacks what others have set. */
function ignore(): void {}

function attempt(action: () => unknown): void {
  try {
    action();
  } catch {
    ignore();
  }
}

function uniqueReads(reads: readonly Read[]): Read[] {
  return [...new Map(reads.map((read) => [read.path, read])).values()];
}
