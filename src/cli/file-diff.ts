import { posix } from 'node:path';
import { createTwoFilesPatch, formatPatch } from 'diff';
import type { Change } from '../plan/change.ts';
import { nameChange } from './describe-plan.ts';
import { showSecretFile } from './shown-file.ts';

/** More edits than this are not searched for: finding the fewest takes time that grows with their square. */
const MAX_EDITS = 2000;

/**
 * The unified diff of one file, named as it is below `root`, or of one object of the cluster; empty when it stays as it
 * is. That of a file with a Secret shows no values, and is no patch.
 */
export function fileDiff(change: Change, root = ''): string {
  const { action } = change;
  if (action === 'unchanged' || action === 'skipped') return '';
  const hidden = change.shown ? undefined : showSecretFile(change);
  const { before, after } = change.shown ?? hidden ?? change;
  const name = change.path === change.id ? nameChange(change) : posix.join(root, change.path);
  const [old, now] = [before ?? '', action === 'deleted' ? '' : (after ?? '')];
  const from = before === undefined ? '/dev/null' : `a/${name}`;
  const to = action === 'deleted' ? '/dev/null' : `b/${name}`;
  const patch = unifiedDiff(from, to, [old, now]);
  // Applied, it would write the mask into the Secret: no tool takes hunks of another form for those of a patch.
  return hidden ? patch.replace(/^@@ (?=-)/gm, '@@ values hidden ') : patch;
}

/** The unified diff of two texts. Two with little in common are told as a whole. */
export function unifiedDiff(from: string, to: string, [old, now]: [string, string]): string {
  const options = { maxEditLength: MAX_EDITS };
  const patch =
    createTwoFilesPatch(from, to, old, now, undefined, undefined, options) ?? wholeDiff(from, to, [old, now]);
  // The first line is a ruler that only jsdiff writes.
  return patch.slice(patch.indexOf('\n') + 1);
}

function wholeDiff(oldFileName: string, newFileName: string, [old, now]: [string, string]): string {
  const [before, after] = [linesOf(old, '-'), linesOf(now, '+')];
  const counts = { oldStart: 1, oldLines: before.count, newStart: 1, newLines: after.count };
  const hunk = { ...counts, lines: [...before.lines, ...after.lines] };
  return formatPatch({
    ...{ oldFileName, newFileName, oldHeader: undefined, newHeader: undefined },
    hunks: [hunk],
  });
}

/** The lines of a text behind their mark; that the last one does not end is a line of its own. */
function linesOf(text: string, mark: '-' | '+'): { lines: string[]; count: number } {
  if (text === '') return { lines: [], count: 0 };
  const whole = text.endsWith('\n');
  const lines = (whole ? text.slice(0, -1) : text).split('\n').map((line) => mark + line);
  return { lines: whole ? lines : [...lines, '\\ No newline at end of file'], count: lines.length };
}
