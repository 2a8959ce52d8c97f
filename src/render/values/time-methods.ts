import { Month, Weekday } from './calendar-names.ts';
import { type Civil, fromCivil } from './civil-time.ts';
import { clampDuration, Duration, SECOND } from './duration.ts';
import { type GoInt, goInt } from './go-number.ts';
import { type MethodTable, methodTable, uncallable } from './method.ts';
import { addNanoseconds, compareTimes, Time, ZERO_TIME } from './time.ts';
import { LOCAL, Location, UTC, type Zone } from './zone.ts';

/** The methods of time.Time. */
export const timeMethods: MethodTable = new Map([
  ...methodTable<Time>({
    Add: [['duration'], (time, duration: Duration) => addNanoseconds(time, duration.integer)],
    AddDate: [['int', 'int', 'int'], addDate],
    After: [['time'], (time, other: Time) => compareTimes(time, other) > 0],
    Before: [['time'], (time, other: Time) => compareTimes(time, other) < 0],
    Compare: [['time'], (time, other: Time) => goInt(Math.sign(compareTimes(time, other)))],
    Day: [[], (time) => goInt(time.civil.day)],
    Equal: [['time'], (time, other: Time) => compareTimes(time, other) === 0],
    Format: [['string'], (time, layout: string) => time.format(layout)],
    GoString: [[], (time) => time.goSyntax()],
    Hour: [[], (time) => goInt(time.civil.hour)],
    In: [['location'], inLocation],
    IsDST: [[], () => false],
    IsZero: [[], (time) => compareTimes(time, ZERO_TIME) === 0],
    Local: [[], (time) => inZone(time, LOCAL)],
    Location: [[], (time) => new Location(time.zone)],
    Minute: [[], (time) => goInt(time.civil.minute)],
    Month: [[], (time) => new Month(BigInt(time.civil.month))],
    Nanosecond: [[], (time) => goInt(time.nanosecond)],
    Round: [['duration'], (time, duration: Duration) => roundTime(time, duration.integer)],
    Second: [[], (time) => goInt(time.civil.second)],
    String: [[], (time) => time.toString()],
    Sub: [['time'], subtract],
    Truncate: [['duration'], (time, duration: Duration) => truncateTime(time, duration.integer)],
    UTC: [[], (time) => inZone(time, UTC)],
    Unix: [[], (time) => goInt(time.unix, 'int64')],
    UnixMicro: [[], (time) => unixIn(time, 1_000_000n)],
    UnixMilli: [[], (time) => unixIn(time, 1000n)],
    UnixNano: [[], (time) => unixIn(time, SECOND)],
    Weekday: [[], (time) => new Weekday(BigInt(time.civil.weekday))],
    Year: [[], (time) => goInt(time.civil.year)],
    YearDay: [[], (time) => goInt(time.civil.yearDay)],
  }),
  ...uncallable({ Clock: 3, Date: 3, ISOWeek: 2, Zone: 2, ZoneBounds: 2 }),
]);

/** The methods of *time.Location. */
export const locationMethods: MethodTable = methodTable<Location>({
  String: [[], (location) => location.toString()],
});

/** Years, months and days later by the calendar; what lies outside of its range carries over. */
function addDate(time: Time, years: number, months: number, days: number): Time {
  const civil: Civil = time.civil;
  const parts = { ...civil, year: civil.year + years, month: civil.month + months, day: civil.day + days };
  return new Time(fromCivil(parts) - BigInt(time.zone.offset), time.nanosecond, time.zone);
}

function inLocation(time: Time, location: Location | null): Time {
  if (location === null) throw new Error('time: missing Location in call to Time.In');
  return inZone(time, location.zone);
}

function inZone(time: Time, zone: Zone): Time {
  return new Time(time.unix, time.nanosecond, zone);
}

/** The time between two instants; what does not fit 64 bits of nanoseconds is the nearest that does. */
function subtract(time: Time, other: Time): Duration {
  const seconds = time.sinceYearOne - other.sinceYearOne;
  return new Duration(clampDuration(seconds * SECOND + BigInt(time.nanosecond - other.nanosecond)));
}

/** Cut to a multiple of a duration since the year 1. */
function truncateTime(time: Time, multiple: bigint): Time {
  return multiple <= 0n ? time : addNanoseconds(time, -restOf(time, multiple));
}

/** Rounded to a multiple of a duration since the year 1, half up. */
function roundTime(time: Time, multiple: bigint): Time {
  if (multiple <= 0n) return time;
  const rest = restOf(time, multiple);
  return addNanoseconds(time, rest * 2n < multiple ? -rest : multiple - rest);
}

/** How far a time is beyond the last multiple of a duration. */
function restOf(time: Time, multiple: bigint): bigint {
  const rest = (time.sinceYearOne * SECOND + BigInt(time.nanosecond)) % multiple;
  return rest < 0n ? rest + multiple : rest;
}

function unixIn(time: Time, perSecond: bigint): GoInt {
  const fraction = BigInt(time.nanosecond) / (SECOND / perSecond);
  return goInt(time.unix * perSecond + fraction, 'int64');
}
