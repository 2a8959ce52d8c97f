import { daysInMonth, fromCivil, isLeapYear, monthOfYearDay } from './civil-time.ts';
import { quoteBytes, toByteText } from './quote-time.ts';
import { Misfit, type Reading, readElement } from './read-time-element.ts';
import { Time } from './time.ts';
import { splitLayout } from './time-layout.ts';
import { LOCAL, UTC, type Zone } from './zone.ts';

/** Texts longer than this are no times. */
const MAX_VALUE = 10_000;

/**
 * Reads a time by one of Go's layouts. Without a zone it is in the local zone. Throws Go's texts; the layout and the
 * text may have 10,000 characters.
 */
export function parseTime(layout: string, text: string): Time {
  if (text.length > MAX_VALUE) throw new Error(`parsing time: text is longer than ${MAX_VALUE} characters`);
  const value = toByteText(text);
  const bytes = toByteText(layout);
  const reading = startReading(value);
  const describe = (element: string) => {
    const as = `as ${quoteBytes(bytes)}: cannot parse ${quoteBytes(reading.rest)} as ${quoteBytes(element)}`;
    return new Error(`parsing time ${quoteBytes(value)} ${as}`);
  };
  const pieces = splitLayout(bytes);
  pieces.forEach(({ literal, element }, i) => {
    if (!skipLiteral(reading, literal)) throw describe(literal);
    if (element === undefined) return;
    try {
      if (!readElement(reading, element, pieces[i + 1]?.element)) throw describe(element);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      throw new Error(`parsing time ${quoteBytes(value)}: ${error.message} out of range`, { cause: error });
    }
  });
  const reason = reading.rest === '' ? settleDate(reading) : `extra text: ${quoteBytes(reading.rest)}`;
  if (reason !== undefined) throw new Error(`parsing time ${quoteBytes(value)}: ${reason}`);
  return toTime(reading);
}

function startReading(rest: string): Reading {
  return {
    rest,
    year: 0,
    month: undefined,
    day: undefined,
    yearDay: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    half: undefined,
    isUtc: false,
    offset: undefined,
    zoneName: '',
  };
}

/** Skips text between elements; any number of spaces stands for any other. */
function skipLiteral(reading: Reading, literal: string): boolean {
  let at = 0;
  while (at < literal.length) {
    const { rest } = reading;
    if (literal[at] === ' ') {
      if (rest !== '' && rest[0] !== ' ') return false;
      while (literal[at] === ' ') at++;
      reading.rest = rest.replace(/^ +/, '');
      continue;
    }
    if (rest === '' || rest[0] !== literal[at]) return false;
    at++;
    reading.rest = rest.slice(1);
  }
  return true;
}

/** Fills in month and day, of the year's day too. Gives what is wrong with them. */
function settleDate(reading: Reading): string | undefined {
  if (reading.half === 'pm' && reading.hour < 12) reading.hour += 12;
  else if (reading.half === 'am' && reading.hour === 12) reading.hour = 0;
  const reason = settleYearDay(reading);
  if (reason !== undefined) return reason;
  reading.month ??= 1;
  reading.day ??= 1;
  const isInMonth = reading.day >= 1 && reading.day <= daysInMonth(reading.year, reading.month);
  return isInMonth ? undefined : 'day out of range';
}

function settleYearDay(reading: Reading): string | undefined {
  const { yearDay, year } = reading;
  if (yearDay === undefined) return undefined;
  if (yearDay < 1 || yearDay > (isLeapYear(BigInt(year)) ? 366 : 365)) return 'day-of-year out of range';
  const { month, day } = monthOfYearDay(year, yearDay);
  if ((reading.month ?? month) !== month) return 'day-of-year does not match month';
  if ((reading.day ?? day) !== day) return 'day-of-year does not match day';
  reading.month = month;
  reading.day = day;
  return undefined;
}

function toTime(reading: Reading): Time {
  const { year, hour, minute, second, nanosecond } = reading;
  const unix = fromCivil({
    year,
    month: reading.month as number,
    day: reading.day as number,
    hour,
    minute,
    second,
  });
  const zone = zoneOf(reading);
  const isShifted = reading.offset !== undefined && !reading.isUtc;
  return new Time(isShifted ? unix - BigInt(zone.offset) : unix, nanosecond, zone);
}

/** The zone that was read: an unknown abbreviation has the offset 0, unless it is `GMT+3`. */
function zoneOf({ isUtc, offset, zoneName }: Reading): Zone {
  if (isUtc) return UTC;
  if (offset !== undefined) {
    return offset === 0 && (zoneName === '' || zoneName === LOCAL.name) ? LOCAL : { name: zoneName, offset };
  }
  if (zoneName === '') return LOCAL;
  const hours = zoneName.startsWith('GMT') ? Number(zoneName.slice(3)) : 0;
  return { name: zoneName, offset: hours * 3600 };
}
