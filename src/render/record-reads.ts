import type { Read } from '../api/rendered-resource.ts';

/** A leaf that reads more has its first reads told. */
const MAX_READS = 1000;
const ROOTS = ['Element', 'Repeat'] as const;

/**
 * The scalars of `.Element` and `.Repeat` that `run` reads, in order and each once. It is handed a copy of the
 * data whose fields notice when they are read.
 */
export function recordReads(data: object, run: (data: object) => void): Read[] {
  const reads = new Map<string, Read>();
  const observed: Record<string, unknown> = { ...data };
  for (const root of ROOTS) {
    if (Object.hasOwn(observed, root))
      watch(observed, { key: root, value: observed[root], path: `.${root}`, reads });
  }
  run(observed);
  return [...reads.values()];
}

interface Watched {
  readonly key: string;
  readonly value: unknown;
  readonly path: string;
  readonly reads: Map<string, Read>;
}

/** Defines a field that records its path when its scalar is read, and opens maps and lists when they are. */
function watch(target: object, { key, value, path, reads }: Watched): void {
  let opened: unknown;
  Object.defineProperty(target, key, {
    configurable: true,
    enumerable: true,
    get() {
      if (typeof value === 'object' && value !== null) {
        opened ??= openObject(value, path, reads);
        return opened;
      }
      if (reads.size < MAX_READS) reads.set(path, { path, value: value as Read['value'] });
      return value;
    },
  });
}

function openObject(value: object, path: string, reads: Map<string, Read>): object {
  const isList = Array.isArray(value);
  const copy = isList ? [] : {};
  for (const [key, item] of Object.entries(value)) {
    watch(copy, { key, value: item, path: path + formatPart(key, isList), reads });
  }
  return copy;
}

function formatPart(key: string, isIndex: boolean): string {
  if (isIndex) return `[${key}]`;
  return /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
