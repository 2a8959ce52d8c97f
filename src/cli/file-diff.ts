import { createTwoFilesPatch } from 'diff';
import type { Change } from '../plan/change.ts';
import { nameChange } from './describe-plan.ts';

/** More edits than this are not searched for: finding the fewest takes time that grows with their square. */
const MAX_EDITS = 2000;

/** The unified diff of one file, or of one object of the cluster; empty when it stays as it is. */
export function fileDiff(change: Change): string {
  const { action } = change;
  if (action === 'unchanged' || action === 'skipped') return '';
  const { before, after } = change.shown ?? change;
  const name = nameChange(change);
  const [old, now] = [before ?? '', action === 'deleted' ? '' : (after ?? '')];
  const from = before === undefined ? '/dev/null' : `a/${name}`;
  const to = action === 'deleted' ? '/dev/null' : `b/${name}`;
  return unifiedDiff(from, to, [old, now]);
}

/** The unified diff of two texts. Two with little in common are told as a whole. */
export function unifiedDiff(from: string, to: string, [old, now]: [string, string]): string {
  const patch = createTwoFilesPatch(from, to, old, now, undefined, undefined, { maxEditLength: MAX_EDITS });
  if (patch === undefined) return wholeDiff(from, to, [old, now]);
  // The first line is a ruler that only jsdiff writes.
  return patch.slice(patch.indexOf('\n') + 1);
}

function wholeDiff(from: string, to: string, texts: [string, string]): string {
  const [old, now] = texts.map((text) => text.replace(/\n$/, '').split('\n')) as [string[], string[]];
  const lines = [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)];
  return `--- ${from}\n+++ ${to}\n@@ -1,${old.length} +1,${now.length} @@\n${lines.join('\n')}\n`;
}
