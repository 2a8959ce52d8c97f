/** Longer names are never a typing mistake worth the computation. */
const MAX_LENGTH = 64;
/** Characters that are compared; names that differ only behind them are told apart by nobody who mistypes. */
const MAX_COMPARED = 120;

/** A candidate, and how many characters it is away from what somebody wrote. */
export interface NearText {
  readonly text: string;
  readonly distance: number;
}

/**
 * The candidate that somebody who wrote `name` most likely meant; undefined when none is near. Equal distances go to
 * the earlier candidate.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  return nearest(name, candidates).find(({ text, distance }) => distance <= allowed(text))?.text;
}

/** Every candidate once, the nearest first. Case, dashes and underscores count little: `api_client` is `apiClient`. */
export function nearest(name: string, candidates: Iterable<string>): NearText[] {
  const wanted = plain(name);
  const rated = [...new Set(candidates)].map((text) => ({
    text,
    distance: editDistance(wanted, plain(text)),
  }));
  return rated.sort((one, other) => one.distance - other.distance);
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          replaced,
          at(last, j) + 1,
          at(row, j - 1) + 1,
          swapped ? at(beforeLast, j - 2) + 1 : replaced,
        ),
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] as number;
}

/** Half of a short name may be wrong at most, a third of a long one. */
function allowed(candidate: string): number {
  return candidate.length < 4 ? 1 : Math.max(2, Math.floor(candidate.length / 3));
}

function plain(name: string): string {
  return name.slice(0, MAX_COMPARED).toLowerCase().replace(/[-_ ]/g, '');
}
