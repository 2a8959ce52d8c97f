import { padNumber } from './format-time.ts';
import { UTC, type Zone } from './zone.ts';
import { ZONE_NAMES } from './zone-names.ts';

/** Seconds of 400 years, after which the calendar and every zone's rule repeat. */
const CYCLE = 146_097n * 86_400n;
/** The instants that the platform is asked for, in seconds since 1970: from before every rule to one cycle of the last. */
const FIRST = -5_000_000_000n;
const LAST = 15_000_000_000n;

/** Zones whose formatter is kept; making one costs far more than using it. */
const MAX_FORMATTERS = 64;

const formatters = new Map<string, Intl.DateTimeFormat>();
let abbreviations: ReadonlyMap<string, string> | undefined;

/**
 * The zone with this IANA name as it is at an instant, in seconds since 1970: its abbreviation and its offset.
 * Undefined for a name that does not exist; case matters.
 */
export function zoneAt(name: string, unix: bigint): Zone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return UTC;
  abbreviations ??= indexNames();
  const known = abbreviations.get(name);
  if (known === undefined) return undefined;
  const offset = offsetAt(name, unix);
  return { name: abbreviationOf(known, offset), offset };
}

function indexNames(): ReadonlyMap<string, string> {
  return new Map(ZONE_NAMES.flatMap(([known, names]) => names.split(/\s/).map((name) => [name, known])));
}

/** The offset in seconds. Long before the first rule it is the first one's, far ahead the last rule goes on. */
function offsetAt(name: string, unix: bigint): number {
  const text = formatterOf(name).format(new Date(Number(intoRange(unix)) * 1000));
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (match === null || match[1] === undefined) return 0;
  const size = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return match[1] === '-' ? -size : size;
}

function intoRange(unix: bigint): bigint {
  if (unix < FIRST) return FIRST;
  return unix <= LAST ? unix : unix - ((unix - LAST) / CYCLE + 1n) * CYCLE;
}

function formatterOf(name: string): Intl.DateTimeFormat {
  const known = formatters.get(name);
  if (known !== undefined) return known;
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  const formatter = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  formatters.set(name, formatter);
  return formatter;
}

/** The abbreviation for an offset. An odd one is local mean time, which zones had before there were any. */
function abbreviationOf(known: string, offset: number): string {
  const minutes = offset / 60;
  for (const entry of known.split(' ')) {
    const colon = entry.indexOf(':');
    if (colon > 0 && Number(entry.slice(colon + 1)) === minutes) return entry.slice(0, colon);
  }
  if (minutes % 15 !== 0) return 'LMT';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : padNumber(size % 60, 2);
  return `${offset < 0 ? '-' : '+'}${padNumber(Math.floor(size / 60), 2)}${rest}`;
}
