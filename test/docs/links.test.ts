import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '../harness/run-program.ts';
import { type Page, readPages, withoutFences } from './pages.ts';

const pages = readPages();

/** Targets of links that lead to no other host. */
function linksOf(page: Page): string[] {
  const text = withoutFences(page).replaceAll(/`[^`\n]*`/g, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return links.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that a page has, as GitHub makes them of its headings; a second one of a name gets a number. */
function anchorsOf(page: Page): Set<string> {
  const counts = new Map<string, number>();
  const headings = [...withoutFences(page).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) => {
      const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
      const slug = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
      const count = counts.get(slug) ?? 0;
      counts.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}

/** What is wrong with a link; undefined where it leads somewhere. */
function findFault(page: Page, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page.path : normalize(join(dirname(page.path), path));
  if (target.startsWith('..')) return `${link} leads out of the repository`;
  if (!existsSync(join(ROOT, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined) return undefined;
  const text = readFileSync(join(ROOT, target), 'utf8');
  return anchorsOf({ path: target, text }).has(anchor) ? undefined : `${link}: ${target} has no such heading`;
}

describe('links of the documentation', () => {
  for (const page of pages) {
    it(`lead somewhere from ${page.path}`, () => {
      const faults = linksOf(page).map((link) => findFault(page, link));
      assert.deepEqual(
        faults.filter((fault) => fault !== undefined),
        [],
      );
    });
  }

  it('are found, and anchors too', () => {
    const links = pages.flatMap(linksOf);
    assert.ok(links.length > 50, `${links.length} links`);
    assert.ok(links.filter((link) => link.includes('#')).length > 20);
  });

  it('are known to be broken when they are', () => {
    const page = { path: 'docs/x.md', text: '# A (b) `c`\n\n## A (b) `c`\n' };
    assert.deepEqual([...anchorsOf(page)], ['a-b-c', 'a-b-c-1']);
    assert.match(findFault(page, 'nowhere.md') ?? '', /there is no docs\/nowhere\.md/);
    assert.match(findFault(page, '../README.md#nowhere') ?? '', /no such heading/);
    assert.match(findFault(page, '../../x.md') ?? '', /out of the repository/);
    assert.equal(findFault(page, 'templates.md#functions'), undefined);
  });
});
