import { toCivil } from '../values/civil-time.ts';
import { Duration, parseDuration, roundDuration, SECOND } from '../values/duration.ts';
import { formatTime } from '../values/format-time.ts';
import { zoneAt } from '../values/load-zone.ts';
import { parseTime } from '../values/parse-time.ts';
import { addNanoseconds, Time, timeFromNanoseconds, ZERO_TIME } from '../values/time.ts';
import type { NumberMode, Value } from '../values/value.ts';
import { LOCAL, UTC } from '../values/zone.ts';
import { ambientNow } from './ambient.ts';
import { aliases, type FunctionDef, fn, nonDeterministic } from './function-def.ts';
import { wholeSeconds } from './whole-seconds.ts';

const DAY = '2006-01-02';

/**
 * Sprig's functions on times, with Go's layouts. The local zone is UTC everywhere. Numbers are seconds since 1970;
 * what is neither number nor time means now, which needs permission.
 */
export function dateFunctions(mode: NumberMode): FunctionDef[] {
  const show = (layout: string, value: Value, zone: string) =>
    formatInZone(layout, timeOf(value, mode), zone);
  return [
    ...nonDeterministic([
      fn('now', '() -> any', () => timeFromNanoseconds(ambientNow())),
      fn('ago', '(any) -> string', (value: Value) => String(timeSince(timeOf(value, mode), SECOND))),
    ]),
    fn('date', '(string, any) -> string', (layout: string, value: Value) => show(layout, value, 'Local')),
    ...aliases(['dateInZone', 'date_in_zone'], '(string, any, string) -> string', show),
    fn('htmlDate', '(any) -> string', (value: Value) => show(DAY, value, 'Local')),
    fn('htmlDateInZone', '(any, string) -> string', (value: Value, zone: string) => show(DAY, value, zone)),
    ...aliases(['dateModify', 'date_modify'], '(string, time) -> any', modifyOrKeep),
    ...aliases(['mustDateModify', 'must_date_modify'], '(string, time) -> any', modify),
    fn('toDate', '(string, string) -> any', parseOrZero),
    fn('mustToDate', '(string, string) -> any', parseTime),
    fn('unixEpoch', '(time) -> string', (time: Time) => String(time.unix)),
  ];
}

/** How long ago a time was, rounded to a multiple of some nanoseconds. */
export function timeSince(time: Time, multiple: bigint): Duration {
  const passed = ambientNow() - (time.unix * SECOND + BigInt(time.nanosecond));
  return new Duration(roundDuration(passed, multiple));
}

function timeOf(value: Value, mode: NumberMode): Time {
  if (value instanceof Time) return value;
  const seconds = wholeSeconds(value, mode);
  return seconds === undefined ? timeFromNanoseconds(ambientNow()) : new Time(seconds, 0, LOCAL);
}

/** A time in a zone by its name; a name that does not exist is UTC. */
function formatInZone(layout: string, time: Time, name: string): string {
  const zone = zoneAt(name, time.unix) ?? UTC;
  const civil = toCivil(time.unix, zone.offset);
  const shown = { ...civil, nanosecond: time.nanosecond, abbreviation: zone.name, offset: zone.offset };
  return formatTime(shown, layout);
}

function modify(duration: string, time: Time): Time {
  return addNanoseconds(time, parseDuration(duration));
}

function modifyOrKeep(duration: string, time: Time): Time {
  try {
    return modify(duration, time);
  } catch {
    return time;
  }
}

function parseOrZero(layout: string, text: string): Time {
  try {
    return parseTime(layout, text);
  } catch {
    return ZERO_TIME;
  }
}
