import { toCivil } from '../values/civil-time.ts';
import { Duration, parseDuration, roundDuration, SECOND } from '../values/duration.ts';
import { formatTime } from '../values/format-time.ts';
import { zoneAt } from '../values/load-zone.ts';
import { parseTime } from '../values/parse-time.ts';
import { TemplateFault } from '../values/template-fault.ts';
import { addNanoseconds, Time, timeFromNanoseconds, ZERO_TIME } from '../values/time.ts';
import { isMap, isNumber, type NumberMode, typeName, type Value } from '../values/value.ts';
import { LOCAL, UTC } from '../values/zone.ts';
import { ambientNow, currentAmbient } from './ambient.ts';
import { aliases, type FunctionDef, fn, nonDeterministic } from './function-def.ts';
import { wholeSeconds } from './whole-seconds.ts';

const DAY = '2006-01-02';

/**
 * Sprig's functions on times, with Go's layouts. The local zone is UTC everywhere. Numbers are seconds since 1970.
 * What is neither number nor time is refused under exact numbers; under Go's it means now, which needs permission.
 */
export function dateFunctions(mode: NumberMode): FunctionDef[] {
  const show = (name: string) => (layout: string, value: Value, zone: string) =>
    formatInZone(layout, timeOf(value, mode, name), zone);
  return [
    ...nonDeterministic([
      fn('now', '() -> any', () => timeFromNanoseconds(ambientNow())),
      fn('ago', '(any) -> string', (value: Value) => String(timeSince(timeOf(value, mode, 'ago'), SECOND))),
    ]),
    fn('date', '(string, any) -> string', (layout: string, value: Value) =>
      show('date')(layout, value, 'Local'),
    ),
    fn('dateInZone', '(string, any, string) -> string', show('dateInZone')),
    fn('date_in_zone', '(string, any, string) -> string', show('date_in_zone')),
    fn('htmlDate', '(any) -> string', (value: Value) => show('htmlDate')(DAY, value, 'Local')),
    fn('htmlDateInZone', '(any, string) -> string', (value: Value, zone: string) =>
      show('htmlDateInZone')(DAY, value, zone),
    ),
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

function timeOf(value: Value, mode: NumberMode, name: string): Time {
  if (value instanceof Time) return value;
  const seconds = wholeSeconds(value, mode);
  if (seconds !== undefined) return new Time(seconds, 0, LOCAL);
  const given = `${name} was given ${describe(value)}, not a time`;
  if (mode === 'exact') throw new TemplateFault(`${given}: ${cureOf(value)}`);
  if (currentAmbient() !== undefined) return timeFromNanoseconds(ambientNow());
  const permission = 'set spec.allowNonDeterministic: true where it shall mean now';
  throw new TemplateFault(`${given}: ${cureOf(value)}, or ${permission}`);
}

/** What stands where a time should, without its value. */
function describe(value: Value): string {
  if (value === undefined || value === null) return 'nil';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return 'a bool';
  if (Array.isArray(value)) return 'a list';
  if (isMap(value)) return 'a map';
  return isNumber(value) && !Number.isInteger(Number(value)) ? 'a fraction' : `a ${typeName(value)}`;
}

function cureOf(value: Value): string {
  if (isNumber(value)) return 'write int64 first, for seconds since 1970';
  return typeof value === 'string'
    ? `read it with toDate "${DAY}"`
    : `read a text with toDate "${DAY}", or give seconds since 1970`;
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
