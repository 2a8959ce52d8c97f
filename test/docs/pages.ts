import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/run-program.ts';

/** A page of the documentation, by its path in the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced or indented block of a page. */
export interface Block {
  /** What stands behind the fence, such as `yaml`; empty for an indented block. */
  readonly language: string;
  readonly text: string;
  /** The line of the page, from 1, that it begins on. */
  readonly line: number;
}

/** Everything that people read; the changelog speaks of other versions, too. */
const PATTERNS = [
  'README.md',
  'docs/**/*.md',
  'generators/*/README.md',
  'templates/**/README.md',
  'examples/*/README.md',
  'charts/*/README.md',
];

/** All pages of the documentation. */
export function readPages(): Page[] {
  const paths = PATTERNS.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort();
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** One page, which must be there. */
export function readPage(path: string): Page {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** The blocks of a page between fences, those in lists too, without their indentation. */
export function fencedBlocks({ text }: Page): Block[] {
  const fences = text.matchAll(/^( *)```([\w-]*)[^\n]*\n([\s\S]*?)^ *```$/gm);
  return [...fences].map(({ 1: indent = '', 2: language = '', 3: inner = '', index }) => ({
    language,
    text: inner.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    line: text.slice(0, index).split('\n').length,
  }));
}

/** The page without what stands between fences, line for line: numbers of lines stay. */
export function withoutFences({ text }: Page): string {
  return text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, (block) => block.replaceAll(/[^\n]/g, ''));
}

/** Code within the lines of a page, outside of fences. */
export function inlineCode(page: Page): string[] {
  return [...withoutFences(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) =>
    code.replaceAll('\\|', '|'),
  );
}
