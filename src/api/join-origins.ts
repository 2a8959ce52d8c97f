import { sha256 } from '../lib/digest.ts';
import type { Origin } from './element.ts';

/** Keys of elements are this long at most. */
const MAX_KEY_LENGTH = 253;
const DIGEST_LENGTH = 32;

/**
 * What is known of an element that is made of several: it is as old as the oldest, secret where one is, and has a key
 * where each has one.
 */
export function joinOrigins(origins: readonly Origin[]): Origin {
  const keys = valuesOf(origins, 'key');
  const queries = [...new Set(valuesOf(origins, 'query'))];
  const evaluated = oldest(valuesOf(origins, 'evaluated'));
  const sampled = oldest(valuesOf(origins, 'sampled'));
  return {
    ...(origins.length > 0 && keys.length === origins.length && { key: joinKeys(keys) }),
    ...(queries.length > 0 && { query: queries.join('; ') }),
    ...(evaluated !== undefined && { evaluated }),
    ...(sampled !== undefined && { sampled }),
    ...(origins.some(({ isSecret }) => isSecret) && { isSecret: true }),
  };
}

/**
 * Several keys as one, such as `{pod="a"}/eu`: other keys give another one. What is too long for a key is cut, and its
 * digest put behind.
 */
export function joinKeys(keys: readonly string[]): string {
  const escaped = keys.map((key) => (keys.length === 1 ? key : key.replace(/[\\/]/g, '\\$&')));
  const text = escaped.join('/');
  if (text.length <= MAX_KEY_LENGTH) return text;
  const digest = sha256(text).slice('sha256:'.length, 'sha256:'.length + DIGEST_LENGTH);
  return `${text.slice(0, MAX_KEY_LENGTH - DIGEST_LENGTH - 1).toWellFormed()}~${digest}`;
}

function valuesOf(origins: readonly Origin[], field: 'key' | 'query' | 'evaluated' | 'sampled'): string[] {
  return origins.map((origin) => origin[field]).filter((value) => value !== undefined);
}

function oldest(times: readonly string[]): string | undefined {
  return times.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0];
}
