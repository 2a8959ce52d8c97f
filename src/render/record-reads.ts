import type { Read } from '../api/rendered-resource.ts';
import type { Path } from '../api/source.ts';
import { isList, isMap, type Value, type ValueMap } from './values/value.ts';

/**
 * Gives the scalars of `.Element`, `.Repeat` and `.Values` that `run` reads, in order and each once. `run` is handed a
 * copy of the data whose fields notice when they are read.
 */
export type RecordReads = (data: object, run: (data: object) => void) => Read[];

/** A leaf that reads more has its first reads told. */
const MAX_READS = 1000;
const ROOTS = ['Element', 'Repeat', 'Values'] as const;

/** Records for one data after the other; the leaves of the same data share its copy. */
export function createRecorder(): RecordReads {
  let last: { readonly data: object; readonly observed: object; readonly log: Log } | undefined;
  return (data, run) => {
    if (last?.data !== data || last.log.isChanged) {
      const log: Log = { reads: new Map(), isChanged: false };
      last = { data, observed: observe(data, log), log };
    }
    const { observed, log } = last;
    log.reads = new Map();
    run(observed);
    return [...log.reads.values()];
  };
}

/** What was read so far. */
interface Log {
  reads: Map<string, Read>;
  /** Whether a function has set a field of the copy, which then is no copy any more. */
  isChanged: boolean;
}

function observe(data: object, log: Log): object {
  const observed: Record<string, Value> = { ...data };
  for (const root of ROOTS) {
    if (Object.hasOwn(observed, root))
      watch(observed, { key: root, value: observed[root], path: `.${root}`, log });
  }
  return observed;
}

interface Watched {
  readonly key: string;
  readonly value: Value;
  readonly path: string;
  readonly log: Log;
}

/** Defines a field that records its path when its scalar is read, and opens maps and lists when they are. */
function watch(target: object, { key, value, path, log }: Watched): void {
  let opened: unknown;
  Object.defineProperty(target, key, {
    configurable: true,
    enumerable: true,
    get() {
      if (isMap(value) || isList(value)) {
        opened ??= openObject(value, path, log);
        return opened;
      }
      // What else is an object was never read: a function has set it, such as a time.
      const isRead = typeof value !== 'object' || value === null;
      if (isRead && log.reads.size < MAX_READS) log.reads.set(path, { path, value: value as Read['value'] });
      return value;
    },
    set(changed: unknown) {
      log.isChanged = true;
      Object.defineProperty(target, key, {
        value: changed,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
}

function openObject(value: readonly Value[] | ValueMap, path: string, log: Log): object {
  const isIndexed = isList(value);
  const copy = isIndexed ? [] : {};
  for (const [key, item] of Object.entries(value)) {
    watch(copy, { key, value: item, path: path + formatPart(key, isIndexed), log });
  }
  return copy;
}

function formatPart(key: string, isIndex: boolean): string {
  if (isIndex) return `[${key}]`;
  return /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** The keys and indexes of a read's path, the first of which is its root: the reverse of how paths are written. */
export function readKeys(path: string): Path {
  return Array.from(
    path.matchAll(/\.([\p{L}_][\p{L}\p{Nd}_]*)|\[(\d+|"(?:[^"\\]|\\.)*")\]/gu),
    ([, name, part]) => (name === undefined ? (JSON.parse(part as string) as string | number) : name),
  );
}
