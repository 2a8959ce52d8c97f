import type { State } from '../plan/state.ts';
import type { Delivery, Target } from '../plan/target.ts';

/** A target that stands nowhere. */
export interface MemoryTarget extends Target {
  /** What it remembers of the set; undefined before the first delivery. */
  state(): State | undefined;
}

/** A target of files in memory, empty at first: it takes deliveries as a directory does, and nobody else sees them. */
export function createMemoryTarget(description: string): MemoryTarget {
  let state: State | undefined;
  let files: ReadonlyMap<string, string> = new Map();
  return {
    key: description,
    description,
    state: () => state,
    async read() {
      const present = files;
      return {
        ...(state && { state }),
        compare(path, text) {
          const found = present.get(path);
          if (found === undefined) return 'absent';
          return found === text ? 'same' : 'different';
        },
        read: async (paths) => pick(present, paths),
      };
    },
    async deliver(delivery) {
      files = carryOut(files, delivery);
      state = delivery.next;
      return {};
    },
  };
}

/** The files as they are after a delivery. */
function carryOut(files: ReadonlyMap<string, string>, { plan }: Delivery): Map<string, string> {
  const after = new Map(files);
  for (const { action, path, after: text } of plan.changes) {
    if (action === 'deleted') after.delete(path);
    else if ((action === 'created' || action === 'configured') && text !== undefined) after.set(path, text);
  }
  return after;
}

function pick(files: ReadonlyMap<string, string>, paths: readonly string[]): Map<string, string> {
  const found = paths.map((path) => [path, files.get(path)] as const);
  return new Map(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
