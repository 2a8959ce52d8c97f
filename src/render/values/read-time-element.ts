import { DAY_NAMES, MONTH_NAMES } from './calendar-names.ts';
import { parseTimeZone } from './parse-time-zone.ts';
import { isFraction, isNumericZone } from './time-layout.ts';

/** What has been read of a time, and the text that is left. */
export interface Reading {
  rest: string;
  year: number;
  month: number | undefined;
  day: number | undefined;
  yearDay: number | undefined;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  half: 'am' | 'pm' | undefined;
  isUtc: boolean;
  offset: number | undefined;
  zoneName: string;
}

/** What ends a reading: an element that does not fit, or a number that is out of range. */
export class Misfit extends Error {}

/** How each element is read; false when it does not fit. What was read stays read, as in Go. */
const READERS: Readonly<Record<string, (reading: Reading, next: string | undefined) => boolean>> = {
  '2006': readLongYear,
  '06': readShortYear,
  January: (reading) => readMonthName(reading, MONTH_NAMES),
  Jan: (reading) => readMonthName(reading, SHORT_MONTHS),
  '01': (reading) => readMonth(reading, true),
  '1': (reading) => readMonth(reading, false),
  Monday: (reading) => readName(reading, DAY_NAMES) !== undefined,
  Mon: (reading) => readName(reading, SHORT_DAYS) !== undefined,
  '02': (reading) => readDay(reading, true),
  _2: (reading) => {
    skipSpaces(reading, 1);
    return readDay(reading, false);
  },
  '2': (reading) => readDay(reading, false),
  '002': (reading) => readYearDay(reading, true),
  __2: (reading) => {
    skipSpaces(reading, 2);
    return readYearDay(reading, false);
  },
  '15': (reading) => readBelow(reading, { field: 'hour', limit: 24, isFixed: false }),
  '03': (reading) => readBelow(reading, { field: 'hour', limit: 13, isFixed: true }),
  '3': (reading) => readBelow(reading, { field: 'hour', limit: 13, isFixed: false }),
  '04': (reading) => readBelow(reading, { field: 'minute', limit: 60, isFixed: true }),
  '4': (reading) => readBelow(reading, { field: 'minute', limit: 60, isFixed: false }),
  '05': (reading, next) => readSecond(reading, true, next),
  '5': (reading, next) => readSecond(reading, false, next),
  PM: (reading) => readHalf(reading, 'AM', 'PM'),
  pm: (reading) => readHalf(reading, 'am', 'pm'),
  MST: readZoneName,
};

const SHORT_MONTHS = MONTH_NAMES.map((name) => name.slice(0, 3));
const SHORT_DAYS = DAY_NAMES.map((name) => name.slice(0, 3));

/** Reads what one element of a layout stands for; `next` is the element after it. Throws a Misfit when it is out of range. */
export function readElement(reading: Reading, element: string, next: string | undefined): boolean {
  if (isNumericZone(element)) return readOffset(reading, element);
  if (!isFraction(element)) {
    return (READERS[element] as (reading: Reading, next: string | undefined) => boolean)(reading, next);
  }
  if (element.includes('9')) return readOpenFraction(reading);
  if (reading.rest.length < element.length) return false;
  return readFraction(reading, element.length);
}

/** Takes so many characters; undefined when there are fewer. */
function take(reading: Reading, count: number): string | undefined {
  if (reading.rest.length < count) return undefined;
  const taken = reading.rest.slice(0, count);
  reading.rest = reading.rest.slice(count);
  return taken;
}

/** A number with an optional sign, where no digit at all is 0; undefined for anything else. */
function signedNumber(text: string): number | undefined {
  return /^[+-]?\d*$/.test(text) ? Number(text.replace(/^\+/, '') || 0) || 0 : undefined;
}

/** Takes a number of one or two digits, or of exactly two; undefined when there is none. */
function takeNumber(reading: Reading, isFixed: boolean, most = 2): number | undefined {
  const digits = /^\d*/.exec(reading.rest.slice(0, most))?.[0] ?? '';
  if (digits === '' || (isFixed && digits.length < most)) return undefined;
  reading.rest = reading.rest.slice(digits.length);
  return Number(digits);
}

function skipSpaces(reading: Reading, most: number): void {
  for (let i = 0; i < most && reading.rest[0] === ' '; i++) reading.rest = reading.rest.slice(1);
}

function readLongYear(reading: Reading): boolean {
  if (reading.rest.length < 4 || !/^\d/.test(reading.rest)) return false;
  const year = signedNumber(take(reading, 4) as string);
  reading.year = year ?? 0;
  return year !== undefined;
}

function readShortYear(reading: Reading): boolean {
  const year = reading.rest.length < 2 ? undefined : signedNumber(reading.rest.slice(0, 2));
  if (year === undefined) return false;
  reading.rest = reading.rest.slice(2);
  reading.year = year >= 69 ? year + 1900 : year + 2000;
  return true;
}

/** Takes the first of the names that the text begins with, whatever the case; gives its place. */
function readName(reading: Reading, names: readonly string[]): number | undefined {
  const at = names.findIndex((name) => {
    return reading.rest.slice(0, name.length).toLowerCase() === name.toLowerCase();
  });
  if (at < 0) return undefined;
  reading.rest = reading.rest.slice((names[at] as string).length);
  return at;
}

function readMonthName(reading: Reading, names: readonly string[]): boolean {
  const at = readName(reading, names);
  reading.month = (at ?? -1) + 1;
  return at !== undefined;
}

function readMonth(reading: Reading, isFixed: boolean): boolean {
  const month = takeNumber(reading, isFixed);
  if (month === undefined) return false;
  if (month < 1 || month > 12) throw new Misfit('month');
  reading.month = month;
  return true;
}

function readDay(reading: Reading, isFixed: boolean): boolean {
  reading.day = takeNumber(reading, isFixed);
  return reading.day !== undefined;
}

function readYearDay(reading: Reading, isFixed: boolean): boolean {
  reading.yearDay = takeNumber(reading, isFixed, 3);
  return reading.yearDay !== undefined;
}

interface Bounded {
  readonly field: 'hour' | 'minute' | 'second';
  readonly limit: number;
  readonly isFixed: boolean;
}

function readBelow(reading: Reading, { field, limit, isFixed }: Bounded): boolean {
  const value = takeNumber(reading, isFixed);
  if (value === undefined) return false;
  if (value >= limit) throw new Misfit(field);
  reading[field] = value;
  return true;
}

/** A fraction may follow the seconds although the layout has none. */
function readSecond(reading: Reading, isFixed: boolean, next: string | undefined): boolean {
  if (!readBelow(reading, { field: 'second', limit: 60, isFixed })) return false;
  const fraction = /^[.,]\d+/.exec(reading.rest);
  if (fraction === null || (next !== undefined && isFraction(next))) return true;
  return readFraction(reading, fraction[0].length);
}

/** At most nine digits are taken, and none is needed. */
function readOpenFraction(reading: Reading): boolean {
  const fraction = /^[.,]\d{1,9}/.exec(reading.rest);
  return fraction === null || readFraction(reading, fraction[0].length);
}

/** A point or comma and digits, of which the first nine count. */
function readFraction(reading: Reading, length: number): boolean {
  const text = take(reading, length) as string;
  const digits = text.slice(1, 10);
  const value = /^[.,]/.test(text) ? signedNumber(digits) : undefined;
  if (value === undefined) return false;
  if (value < 0) throw new Misfit('fractional second');
  reading.nanosecond = value * 10 ** (9 - digits.length);
  return true;
}

function readHalf(reading: Reading, am: string, pm: string): boolean {
  const word = take(reading, 2);
  if (word === pm) reading.half = 'pm';
  else if (word === am) reading.half = 'am';
  else return false;
  return true;
}

/** Where the digits of an offset and its colons are, by the element without its first character. */
const OFFSET_FORMS: Readonly<Record<string, RegExp>> = {
  '07': /^(.)(..)/s,
  '0700': /^(.)(..)(..)/s,
  '07:00': /^(.)(..):(..)/s,
  '070000': /^(.)(..)(..)(..)/s,
  '07:00:00': /^(.)(..):(..):(..)/s,
};

function readOffset(reading: Reading, element: string): boolean {
  const form = element.slice(1);
  if (element[0] === 'Z' && form.length <= 5 && form !== '070000' && reading.rest[0] === 'Z') {
    reading.rest = reading.rest.slice(1);
    reading.isUtc = true;
    return true;
  }
  const match = (OFFSET_FORMS[form] as RegExp).exec(reading.rest);
  if (match === null) return false;
  reading.rest = reading.rest.slice(match[0].length);
  const [hours, minutes, seconds] = [match[2], match[3] ?? '0', match[4] ?? '0'].map((digits) => {
    return signedNumber(digits as string);
  });
  const sign = match[1];
  if (hours === undefined || minutes === undefined || seconds === undefined) return false;
  const size = (hours * 60 + minutes) * 60 + seconds;
  reading.offset = sign === '-' ? -size : size;
  return sign === '+' || sign === '-';
}

function readZoneName(reading: Reading): boolean {
  if (reading.rest.startsWith('UTC')) {
    reading.isUtc = true;
    reading.rest = reading.rest.slice(3);
    return true;
  }
  const length = parseTimeZone(reading.rest);
  if (length === undefined) return false;
  reading.zoneName = take(reading, length) as string;
  return true;
}
