import type { HttpAnswer } from '../../src/api/readers.ts';
import { objectList } from './answer-fields.ts';
import type { Page, PageAnswer } from './driver.ts';
import { nextLink } from './link-header.ts';

/** How many items a page has, the most that the servers allow. */
export const PAGE_SIZE = 100;

/** A page of a list whose next one is in the Link header, as GitHub, GitLab and Gitea have it. */
export function readLinkedPage({ url, headers, body }: PageAnswer, totalHeader?: string): Page {
  const items = objectList(body);
  const link = headers['link'];
  // A full page without any link may be one whose links were lost on the way: the page behind it must be empty.
  const lost = link === undefined && items.length >= PAGE_SIZE;
  return {
    items,
    next: lost ? pageBehind(url) : nextLink(link, url),
    total: totalHeader === undefined ? undefined : readTotal(headers, totalHeader),
  };
}

function pageBehind(page: string): string {
  const url = new URL(page);
  url.searchParams.set('page', String(Number(url.searchParams.get('page') ?? 1) + 1));
  return url.href;
}

/** Servers leave the total out where counting costs too much. */
function readTotal(headers: HttpAnswer['headers'], name: string): number | undefined {
  const text = headers[name] ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
