import { parseDuration } from '../../src/lib/duration.ts';
import { parseJsonPath } from '../../src/lib/json-path-parser.ts';
import type { SpecMistake } from '../generator.ts';
import type { ApiClientSpec } from './schema.ts';

/** Milliseconds; a query that needs longer holds up every other change of its set. */
export const MAX_TIMEOUT = 10 * 60 * 1000;

/** The mistakes in a spec that its schema cannot say. */
export function checkSpec({ endpoint, jsonPath, timeout }: ApiClientSpec): SpecMistake[] {
  const found: readonly (readonly [string, string | undefined])[] = [
    ['endpoint', findUrlMistake(endpoint)],
    ['jsonPath', jsonPath === undefined ? undefined : findPathMistake(jsonPath)],
    ['timeout', timeout === undefined ? undefined : findTimeMistake(timeout)],
  ];
  return found.flatMap(([field, message]) => (message === undefined ? [] : [{ path: [field], message }]));
}

/** No message repeats the URL: it may hold a password. */
function findUrlMistake(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url) return 'is malformed';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must begin with http:// or https://';
  if (url.username === '' && url.password === '') return undefined;
  return 'has user information; put an Authorization header in the object of headersRef';
}

function findPathMistake(text: string): string | undefined {
  try {
    parseJsonPath(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function findTimeMistake(text: string): string | undefined {
  const time = parseDuration(text);
  return time > 0 && time <= MAX_TIMEOUT ? undefined : `${text} must be longer than 0s and at most 10m`;
}
