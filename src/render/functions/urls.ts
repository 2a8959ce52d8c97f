import { createMap, kindName, type Value, type ValueMap } from '../values/value.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { hostname, joinUrl, parseUrl, parseUserinfo } from './parse-url.ts';
import { checkArgumentSize } from './size.ts';
import { toBytes, toText } from './url-escapes.ts';

/** Characters of a URL or a part of one. */
const MAX_LENGTH = 64 * 1024;

/** Sprig's functions on URLs, with the rules of Go's net/url, which differ from those of browsers. */
export function urlFunctions(): FunctionDef[] {
  return [fn('urlParse', '(string) -> map', urlParse), fn('urlJoin', '(map) -> string', urlJoin)];
}

function urlParse(text: string): Value {
  checkArgumentSize(text, MAX_LENGTH);
  const url = attempt('unable to parse url', () => parseUrl(text));
  return createMap([
    ['scheme', toText(url.scheme)],
    ['host', toText(url.host)],
    ['hostname', toText(hostname(url.host))],
    ['path', toText(url.path)],
    ['query', toText(url.query)],
    ['opaque', toText(url.opaque)],
    ['fragment', toText(url.fragment)],
    ['userinfo', toText(url.userinfo ?? '')],
  ]);
}

function urlJoin(parts: ValueMap): string {
  const [scheme, host, path, query, opaque, fragment] = [
    'scheme',
    'host',
    'path',
    'query',
    'opaque',
    'fragment',
  ].map((key) => toBytes(textOf(parts, key))) as [string, string, string, string, string, string];
  const info = textOf(parts, 'userinfo');
  const userinfo =
    info === '' ? undefined : attempt('unable to parse userinfo in dict', () => parseUserinfo(info));
  return toText(joinUrl({ scheme, host, path, query, opaque, fragment, userinfo }));
}

function textOf(parts: ValueMap, key: string): string {
  if (!Object.hasOwn(parts, key)) return '';
  const value = parts[key];
  if (typeof value === 'string') {
    checkArgumentSize(value, MAX_LENGTH);
    return value;
  }
  if (value === null || value === undefined) {
    throw new Error('runtime error: invalid memory address or nil pointer dereference');
  }
  throw new Error(`unable to parse ${key} key, must be of type string, but ${kindName(value)} found`);
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}
