import { quoteGo } from '../values/quote.ts';
import { escapePart, toBytes, toText, type UrlPart, unescapePart } from './url-escapes.ts';

/** A URL's parts, unescaped, as bytes with one character each. */
export interface Url {
  readonly scheme: string;
  readonly opaque: string;
  /** Escaped again, with its colon; undefined when there is none. */
  readonly userinfo: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

const EMPTY: Url = {
  scheme: '',
  opaque: '',
  userinfo: undefined,
  host: '',
  path: '',
  query: '',
  fragment: '',
};

const USERINFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const OPTIONAL_PORT = /^(?::[0-9]*)?$/;

/** Characters of a URL that an error shows. */
const MAX_SHOWN = 200;

/** Parses a URL or a reference with the rules of Go's net/url. Throws an Error with its words. */
export function parseUrl(text: string): Url {
  const bytes = toBytes(text);
  const [reference, fragment] = cut(bytes, '#');
  const hasUser = /(?::|\/\/).*@/s.test(bytes);
  const url = explain({ url: reference, hasUser }, () => parseReference(reference));
  if (fragment === '') return url;
  return { ...url, fragment: explain({ url: bytes, hasUser }, () => unescapePart(fragment, 'fragment')) };
}

/** The host without its port and without the brackets of an IPv6 address. */
export function hostname(host: string): string {
  const colon = host.lastIndexOf(':');
  const name = colon >= 0 && OPTIONAL_PORT.test(host.slice(colon)) ? host.slice(0, colon) : host;
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
}

/** The text of a URL made of unescaped parts, with the rules of Go's net/url. */
export function joinUrl(url: Url): string {
  const start = url.scheme === '' ? '' : `${url.scheme}:`;
  const body = url.opaque === '' ? `${authority(url)}${pathOf(url, start)}` : url.opaque;
  const query = url.query === '' ? '' : `?${url.query}`;
  const fragment = url.fragment === '' ? '' : `#${escapePart(url.fragment, 'fragment')}`;
  return `${start}${body}${query}${fragment}`;
}

/** The userinfo that a text stands for. Throws an Error with Go's words. */
export function parseUserinfo(text: string): string | undefined {
  return parseUrl(`proto://${text}@host`).userinfo;
}

function authority({ scheme, host, path, userinfo }: Url): string {
  if (scheme === '' && host === '' && userinfo === undefined) return '';
  const slashes = host !== '' || path !== '' || userinfo !== undefined ? '//' : '';
  const user = userinfo === undefined ? '' : `${userinfo}@`;
  return `${slashes}${user}${escapePart(host, 'host')}`;
}

/** A path that begins a reference must not look like a scheme. */
function pathOf(url: Url, start: string): string {
  const path = url.path === '*' ? '*' : escapePart(url.path, 'path');
  if (path !== '' && !path.startsWith('/') && url.host !== '') return `/${path}`;
  const isFirst = start === '' && url.host === '' && url.userinfo === undefined;
  return isFirst && cut(path, '/')[0].includes(':') ? `./${path}` : path;
}

function parseReference(reference: string): Url {
  if (/[\0-\x1f\x7f]/.test(reference)) throw new Error('net/url: invalid control character in URL');
  if (reference === '*') return { ...EMPTY, path: '*' };
  const [scheme, afterScheme] = splitScheme(reference);
  const [rest, query] = cut(afterScheme, '?');
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...EMPTY, scheme, opaque: rest, query };
    if (cut(rest, '/')[0].includes(':')) throw new Error('first path segment in URL cannot contain colon');
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  if (!hasAuthority) return { ...EMPTY, scheme, query, path: unescapePart(rest, 'path') };
  const slash = rest.indexOf('/', 2);
  const end = slash < 0 ? rest.length : slash;
  const { host, userinfo } = parseAuthority(rest.slice(2, end));
  return { ...EMPTY, scheme, query, host, userinfo, path: unescapePart(rest.slice(end), 'path') };
}

/** The scheme in lower case and what follows its colon; no scheme and all of it where none stands. */
function splitScheme(reference: string): [scheme: string, rest: string] {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*)?:/.exec(reference);
  if (match === null) return ['', reference];
  if (match[1] === undefined) throw new Error('missing protocol scheme');
  return [match[1].toLowerCase(), reference.slice(match[0].length)];
}

function parseAuthority(text: string): { host: string; userinfo: string | undefined } {
  const at = text.lastIndexOf('@');
  const host = parseHost(text.slice(at + 1));
  if (at < 0) return { host, userinfo: undefined };
  const info = text.slice(0, at);
  if (!USERINFO.test(info)) throw new Error('net/url: invalid userinfo');
  const [name, password] = cut(info, ':');
  const parts = info.includes(':') ? [name, password] : [name];
  return { host, userinfo: parts.map((part) => escapePart(unescapePart(part, 'user'), 'user')).join(':') };
}

function parseHost(host: string): string {
  if (!host.startsWith('[')) {
    const colon = host.lastIndexOf(':');
    if (colon >= 0) checkPort(host.slice(colon));
    return unescapePart(host, 'host');
  }
  const end = host.lastIndexOf(']');
  if (end < 0) throw new Error("missing ']' in host");
  checkPort(host.slice(end + 1));
  const zone = host.slice(0, end).indexOf('%25');
  if (zone < 0) return unescapePart(host, 'host');
  const parts: [text: string, part: UrlPart][] = [
    [host.slice(0, zone), 'host'],
    [host.slice(zone, end), 'zone'],
    [host.slice(end), 'host'],
  ];
  return parts.map(([text, part]) => unescapePart(text, part)).join('');
}

function checkPort(port: string): void {
  if (!OPTIONAL_PORT.test(port)) throw new Error(`invalid port ${quoteGo(toText(port))} after host`);
}

/** What is being parsed, and whether there may be user information in it, which may look like any other part. */
interface Parsing {
  readonly url: string;
  readonly hasUser: boolean;
}

/** Wraps an error in the words of Go's url.Error. What may be user information or query stays out of it. */
function explain<T>(parsing: Parsing, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { message } = error as Error;
    const reason = parsing.hasUser ? message.replace(/ ".*"/s, '') : message;
    throw new Error(`parse ${quoteGo(shown(parsing))}: ${reason}`, { cause: error });
  }
}

function shown({ url, hasUser }: Parsing): string {
  const whole = toText(url);
  if (hasUser) return `${/^[a-z][a-z0-9+.-]{0,20}:\/\//i.exec(whole)?.[0] ?? ''}...`;
  const text = whole.replace(/\?[^#]*/, '?...');
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}

/** What stands before and after the first separator; all and nothing where there is none. */
function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
