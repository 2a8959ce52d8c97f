import type { JsonObject } from '../lib/json.ts';

/** Branches by a regular expression of which all that is known are its literal beginning and its end. */
const LITERAL = /^\^([\w./-]+)\$$/;
const BELOW = /^\^([\w.-]+(?:\/[\w.-]+)*\/)(?:\.\*\$?|\.\+\$?)?$/;

/** The glob that takes the same branches as a regular expression; undefined where none does. */
export function globOf(expression: string): string | undefined {
  const text = expression.replaceAll('\\/', '/').replaceAll('\\-', '-');
  // A point stands for any character, and a glob has no other way to say so than a question mark.
  const literal = LITERAL.exec(text)?.[1];
  if (literal !== undefined) return literal.replaceAll('.', '?');
  const below = BELOW.exec(text)?.[1];
  return below === undefined ? undefined : `${below.replaceAll('.', '?')}**`;
}

/** The server and the repository of an address such as https://github.com/owner/name. */
export function splitRepository(url: string): { serverURL: string; repo: string } | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, origin, pathname, username, password, search, hash } = new URL(url);
  const repo = pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  if (protocol !== 'https:' || username + password + search + hash !== '' || !repo.includes('/'))
    return undefined;
  return { serverURL: origin, repo };
}

/** The server is left out where it is the driver's own. */
export function serverField(driver: string, serverURL: string): JsonObject {
  const own = { github: 'https://github.com', gitlab: 'https://gitlab.com' }[driver];
  return own === serverURL ? {} : { serverURL };
}
