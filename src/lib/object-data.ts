import type { JsonObject } from './json.ts';
import { isObject, ownValue } from './json.ts';

// Node's decoder skips what is not base64; a value that is silently shorter would be a wrong credential.
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The contents of a Secret (`data`, `stringData` over it) or a ConfigMap (`data`, `binaryData`) by key.
 * Throws an Error that names the object and the key, never the value.
 */
export function objectData(object: JsonObject): Map<string, Buffer> {
  const kind = ownValue(object, 'kind');
  if (kind === 'Secret') {
    return new Map([...decodeField(object, 'data'), ...encodeField(object, 'stringData')]);
  }
  if (kind === 'ConfigMap') {
    return new Map([...encodeField(object, 'data'), ...decodeField(object, 'binaryData')]);
  }
  throw new Error(`${describeObject(object)} is neither a Secret nor a ConfigMap`);
}

/** Fields whose values are text. */
function encodeField(object: JsonObject, field: string): [string, Buffer][] {
  return entriesOf(object, field).map(([key, text]) => [key, Buffer.from(text)]);
}

/** Fields whose values are base64, which may be folded over lines. */
function decodeField(object: JsonObject, field: string): [string, Buffer][] {
  return entriesOf(object, field).map(([key, text]) => {
    const compact = text.replace(/\s/g, '');
    if (!BASE64.test(compact)) throw new Error(`${describeObject(object)}: ${field}.${key} is not base64`);
    return [key, Buffer.from(compact, 'base64')];
  });
}

function entriesOf(object: JsonObject, field: string): [string, string][] {
  const values = ownValue(object, field) ?? null;
  if (values === null) return [];
  if (!isObject(values)) throw new Error(`${describeObject(object)}: ${field} is not an object`);
  return Object.entries(values).map(([key, value]) => {
    if (typeof value !== 'string')
      throw new Error(`${describeObject(object)}: ${field}.${key} is not a text`);
    return [key, value];
  });
}

/** `Secret apps/name`, from whatever of it there is. */
function describeObject(object: JsonObject): string {
  const metadata = ownValue(object, 'metadata');
  const [namespace, name] = isObject(metadata)
    ? [ownValue(metadata, 'namespace'), ownValue(metadata, 'name')]
    : [undefined, undefined];
  return `${ownValue(object, 'kind') ?? 'object'} ${namespace === undefined ? '' : `${namespace}/`}${name ?? ''}`;
}
