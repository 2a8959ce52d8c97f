import { editDistance } from '../lib/suggest.ts';

/** Characters that are compared; names that differ only behind them are told apart by nobody who mistypes. */
const MAX_LENGTH = 120;
const MAX_CLOSEST = 3;

/**
 * The few candidates that are most like what somebody wrote, the closest first: those that hold it, then those that
 * differ in the fewest characters. Case does not count.
 */
export function closest(wanted: string, candidates: Iterable<string>): string[] {
  const name = plain(wanted);
  const rated = [...new Set(candidates)].map((text) => {
    const candidate = plain(text);
    const distance = editDistance(name, candidate);
    return { text, rank: candidate.includes(name) ? distance : distance + MAX_LENGTH };
  });
  rated.sort((a, b) => a.rank - b.rank);
  return rated.slice(0, MAX_CLOSEST).map(({ text }) => text);
}

function plain(text: string): string {
  return text.slice(0, MAX_LENGTH).toLowerCase();
}

/** The same as a part of an error: `; the closest are "a" and "b"`. */
export function describeClosest(wanted: string, candidates: Iterable<string>): string {
  const found = closest(wanted, candidates).map((text) => JSON.stringify(text));
  const last = found.pop();
  if (last === undefined) return '';
  return found.length === 0
    ? `; the closest is ${last}`
    : `; the closest are ${found.join(', ')} and ${last}`;
}
