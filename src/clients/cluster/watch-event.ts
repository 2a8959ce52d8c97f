import { isObject, type JsonObject, type JsonValue, ownValue } from '../../lib/json.ts';
import { parseAnswer } from './cluster-client-json.ts';

/** One line of a watch: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: JsonObject;
}

/** The name and version of an object, without which it cannot be followed. */
export interface ObjectIdentity {
  /** `namespace/name`, or `name` of cluster-scoped kinds. */
  readonly key: string;
  readonly resourceVersion: string;
}

const TYPES: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

/**
 * Reads a line of a watch. Throws a SyntaxError, which never quotes the line, when it is no event: it was cut or
 * garbled on its way. Undefined for types that this program does not know.
 */
export function parseWatchEvent(line: string): WatchEvent | undefined {
  const event = parseLine(line);
  if (!isObject(event)) throw new SyntaxError('a line of the watch is no event');
  const { type, object } = event;
  if (typeof type !== 'string' || !isObject(object)) throw new SyntaxError('a line of the watch is no event');
  return TYPES.has(type) ? ({ type, object } as WatchEvent) : undefined;
}

/** The version that a bookmark or an object carries. Throws a SyntaxError where there is none. */
export function versionOf(object: JsonObject): string {
  const metadata = ownValue(object, 'metadata');
  const version = isObject(metadata) ? ownValue(metadata, 'resourceVersion') : undefined;
  if (typeof version !== 'string' || version === '')
    throw new SyntaxError('an object of the watch has no version');
  return version;
}

/** Names an object. Throws a SyntaxError where it has no name or no version. */
export function identify(object: JsonObject): ObjectIdentity {
  const resourceVersion = versionOf(object);
  const { name, namespace } = object['metadata'] as JsonObject;
  if (typeof name !== 'string' || name === '') throw new SyntaxError('an object of the watch has no name');
  const key = typeof namespace === 'string' && namespace !== '' ? `${namespace}/${name}` : name;
  return { key, resourceVersion };
}

function parseLine(line: string): JsonValue {
  try {
    return parseAnswer(line);
  } catch (cause) {
    throw new SyntaxError('a line of the watch is not valid JSON', { cause });
  }
}
