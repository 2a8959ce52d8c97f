import { pathToFileURL } from 'node:url';

const MAX_URL_LENGTH = 2048;

const USER = '[A-Za-z0-9_][A-Za-z0-9_.-]*';
const HOST = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\]';
const SSH_URL = new RegExp(`^ssh://(?:(${USER})@)?(${HOST})(?::(\\d{1,5}))?(/[^?#]+)$`, 'i');
const SCP_LIKE = new RegExp(`^(?:(${USER})@)?(${HOST}):([^:/-][^:?#]*|/[^/:?#][^:?#]*)$`);

/** An address of a repository, taken apart and safe to hand to git. */
export interface GitUrl {
  readonly protocol: 'http' | 'https' | 'ssh' | 'file';
  /** What git is given; never has a password. */
  readonly url: string;
  /** The same for every spelling of one repository; also what people are shown. */
  readonly name: string;
}

/**
 * Reads the address of a repository: `https://`, `http://`, `ssh://`, `user@host:path`, and with `allowFile`
 * also `file:///path` and an absolute path. Everything else git knows can run programs or is not
 * authenticated, and is refused. The message never quotes the address, which may hold a password.
 */
export function parseGitUrl(text: string, options: { allowFile: boolean }): GitUrl {
  if (text === '') throw refused('is empty');
  if (text.length > MAX_URL_LENGTH) throw refused(`is longer than ${MAX_URL_LENGTH} characters`);
  if (/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)) throw refused('has a space or a control character');
  if (text.includes('\\')) throw refused('has a backslash');
  if (text.startsWith('-')) throw refused('begins with "-"');
  if (/^[A-Za-z0-9+.-]+::/.test(text)) throw refused('names a remote helper, which could run any program');
  if (/^https?:\/\//i.test(text)) return parseHttp(text);
  if (/^ssh:\/\//i.test(text)) return parseSsh(text);
  if (/^file:/i.test(text) || text.startsWith('/')) return parseFile(text, options.allowFile);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) throw refused(`has a protocol that is not allowed`);
  return parseScpLike(text);
}

/** One name for all spellings of a repository: protocol, user, default port, `.git`, final `/`, case of the host. */
export function normaliseGitUrl(text: string): string {
  return parseGitUrl(text, { allowFile: true }).name;
}

/** Query and fragment mean nothing to git's protocol, but may carry a token. */
function parseHttp(text: string): GitUrl {
  const url = URL.parse(text);
  if (!url) throw refused('cannot be read');
  if (url.password !== '') throw refused('has a password; put it in the Secret that secretRef names');
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) throw refused('has a query or a fragment');
  checkPath(url.pathname);
  // A user name alone may be a token; the Secret has all that a server needs.
  url.username = '';
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return { protocol, url: url.href, name: nameOf(url.host, url.pathname) };
}

/** Host and user begin with a letter or digit, so that ssh takes neither for an option. */
function parseSsh(text: string): GitUrl {
  const [, user, host, port, path] = SSH_URL.exec(text) ?? [];
  if (host === undefined || path === undefined) throw refused(passwordOr(text, 'is no ssh://user@host/path'));
  checkPath(path);
  const number = port === undefined ? 22 : Number(port);
  if (number < 1 || number > 65535) throw refused('has an impossible port');
  const place = host.toLowerCase() + (number === 22 ? '' : `:${number}`);
  return { protocol: 'ssh', url: `ssh://${user ?? 'git'}@${place}${path}`, name: nameOf(place, path) };
}

/** `user@host:path`; for the name it is the same as `ssh://user@host/path`, as forges have it. */
function parseScpLike(text: string): GitUrl {
  const [, user, host, path] = SCP_LIKE.exec(text) ?? [];
  if (host === undefined || path === undefined)
    throw refused(
      passwordOr(
        text,
        'is neither https://, ssh:// nor user@host:path; a folder of this machine is file:///path',
      ),
    );
  checkPath(`/${path.replace(/^\//, '')}`);
  const place = host.toLowerCase();
  return { protocol: 'ssh', url: `${user ?? 'git'}@${place}:${path}`, name: nameOf(place, path) };
}

/** Always given to git as a url, so that it goes through the transport and never links to the original. */
function parseFile(text: string, allowFile: boolean): GitUrl {
  if (!allowFile) throw refused('is a local path, which is not allowed here');
  const url = text.startsWith('/') ? pathToFileURL(text) : URL.parse(text);
  if (!url?.href.startsWith('file:///')) throw refused('is no file:///path');
  if (url.search !== '' || url.hash !== '') throw refused('has a query or a fragment');
  checkPath(url.pathname);
  return { protocol: 'file', url: url.href, name: `file://${trimPath(url.pathname)}` };
}

/** Looks at the path as git decodes it. */
function checkPath(path: string): void {
  if (/^\/*$/.test(path)) throw refused('has no path');
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw refused('has a broken % escape in its path');
  }
  if (/[\p{Cc}]/u.test(decoded)) throw refused('has a control character in its path');
  if (decoded.split('/').includes('..')) throw refused('has ".." in its path');
}

function nameOf(host: string, path: string): string {
  return `${host}/${trimPath(path).replace(/^\/+/, '')}`;
}

function trimPath(path: string): string {
  return path.replace(/\/+$/, '').replace(/\.git$/, '');
}

/** The more useful of two messages. */
function passwordOr(text: string, problem: string): string {
  return /^(ssh:\/\/)?[^/@]*:[^/@]*@/i.test(text) ? 'has a password; use a key in the Secret' : problem;
}

function refused(problem: string): Error {
  return new Error(`the repository's url ${problem}`);
}
