import { cleanLines, remoteText } from './git-error.ts';
import type { GitResult } from './run-git.ts';

/** What became of the one ref of a push; undefined when the server's answer does not say. */
export type PushResult =
  | { readonly status: 'pushed' }
  | { readonly status: 'moved'; readonly reason: string }
  | { readonly status: 'refused'; readonly reason: string };

/** Reasons that mean: somebody else changed the branch first. */
const MOVED =
  /fetch first|non-fast-forward|stale info|needs force|cannot lock ref|failed to update ref|failed to lock|incorrect old value|reference already exists|already exists|but expected/i;

/** Reads `git push --porcelain`: a push that ends well may still have been refused for the ref. */
export function parsePush(
  { stdout, stderr }: GitResult,
  ref: string,
  secrets: readonly string[],
): PushResult | undefined {
  for (const line of stdout.toString('utf8').split('\n')) {
    const [flag, refs, summary = ''] = line.split('\t');
    if (!refs?.endsWith(`:${ref}`)) continue;
    if (flag === ' ' || flag === '*' || flag === '=') return { status: 'pushed' };
    if (flag !== '!') continue;
    const [reason = 'no reason given'] = cleanLines(summary, secrets);
    const said = remoteText(stderr, secrets);
    if (MOVED.test(summary)) return { status: 'moved', reason };
    // The client's own word for a connection that broke; only the server knows.
    if (/remote failure|no status|unpacker error/i.test(summary) && said === '') return undefined;
    return { status: 'refused', reason: said === '' ? reason : `${reason}: ${said}` };
  }
  return undefined;
}
