import { trimEndOf } from '../../src/lib/trim-end.ts';

/** Characters; far above what any server sends. */
const MAX_LENGTH = 16_384;

/**
 * The URL with the relation `next` in a Link header (RFC 8288), resolved against the page that it came with; undefined
 * where there is none. Throws for a header that cannot be read: it must not pass for the last page.
 */
export function nextLink(header: string | undefined, page: string): string | undefined {
  if (header === undefined) return undefined;
  if (header.length > MAX_LENGTH) throw unreadable();
  for (const link of splitLinks(header)) {
    if (!link.relations.includes('next')) continue;
    const url = URL.parse(link.target, page);
    if (!url) throw unreadable();
    return checkOrigin(url, page).href;
  }
  return undefined;
}

/** One link: where it leads, and what it is. */
interface Link {
  readonly target: string;
  readonly relations: readonly string[];
}

function splitLinks(header: string): Link[] {
  const links: Link[] = [];
  // One link at a time, from where the last one ended: commas and semicolons may stand in targets and quotes.
  const pattern =
    /[\s,]*<([^<>]*)>((?:\s*;\s*[\w*!#$&+.^`|~-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]+))?)*)\s*(?=,|$)/y;
  // Empty links may stand anywhere (RFC 9110, 5.6.1).
  const end = trimEndOf(header, ', \t').length;
  while (pattern.lastIndex < end) {
    const match = pattern.exec(header);
    if (!match) throw unreadable();
    links.push({ target: match[1] as string, relations: relationsOf(match[2] as string) });
  }
  return links;
}

/** The first `rel` counts (RFC 8288, 3.3); it may name several relations. */
function relationsOf(parameters: string): string[] {
  const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(parameters);
  return (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/);
}

/** The token goes to the server that it was given for, and to no other. */
function checkOrigin(next: URL, page: string): URL {
  if (next.origin === new URL(page).origin && next.username === '' && next.password === '') return next;
  throw new Error(
    `the link to the next page leads to another origin, ${next.protocol}//${next.host}; set serverURL to the address that the server gives itself`,
  );
}

function unreadable(): Error {
  return new Error('the Link header of the answer cannot be read, so the next page is unknown');
}
