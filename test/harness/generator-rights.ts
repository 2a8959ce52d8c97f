import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PolicyRule } from '../components/cluster-objects.ts';

/** One row of the table of rights in the README of a generator. */
export interface GeneratorRight {
  /** The field or the kind that needs it, as the row begins. */
  readonly use: string;
  readonly isClusterWide: boolean;
  /** What it must be allowed to give elements. */
  readonly read: PolicyRule;
  /** What it must be allowed beside that, so that a change is seen at once. */
  readonly follow: PolicyRule;
}

/** The folder of a generator. */
export function generatorFolder(name: string): string {
  const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return fileURLToPath(new URL(`../../generators/${kebab}/`, import.meta.url));
}

/** What the README of a generator says that the account of a set must be allowed to do. */
export function readRights(name: string): GeneratorRight[] {
  const readme = readFileSync(`${generatorFolder(name)}README.md`, 'utf8');
  const section = /^## Rights\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(readme)?.[1];
  if (section === undefined) throw new Error(`the README of ${name} has no section Rights`);
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:---|for )/.test(line));
  return rows.map((row) => {
    const [use = '', resources = '', group = '', by = '', read = '', follow = ''] = cellsOf(row);
    const rule = { apiGroups: wordsOf(group), resources: wordsOf(resources) };
    return {
      use,
      isClusterWide: by === 'ClusterRole',
      read: { ...rule, verbs: wordsOf(read) },
      follow: { ...rule, verbs: wordsOf(follow) },
    };
  });
}

function cellsOf(row: string): string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** Texts between backticks; `""` is the core group. */
function wordsOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => (word === '""' ? '' : word));
}
