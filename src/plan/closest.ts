import { nearest } from '../lib/suggest.ts';

const MAX_CLOSEST = 3;

/**
 * The few candidates that are most like what somebody wrote, as a part of an error: `; the closest are "a" and "b"`.
 * Those that hold it come first.
 */
export function describeClosest(wanted: string, candidates: Iterable<string>): string {
  const found = closest(wanted, candidates).map((text) => JSON.stringify(text));
  const last = found.pop();
  if (last === undefined) return '';
  return found.length === 0
    ? `; the closest is ${last}`
    : `; the closest are ${found.join(', ')} and ${last}`;
}

function closest(wanted: string, candidates: Iterable<string>): string[] {
  const name = wanted.toLowerCase();
  const near = nearest(wanted, candidates).map(({ text }) => text);
  const holds = (text: string) => text.toLowerCase().includes(name);
  return [...near.filter(holds), ...near.filter((text) => !holds(text))].slice(0, MAX_CLOSEST);
}
