/** Seconds of a day. */
const DAY = 86_400n;
/** The first year that 64 bits of seconds can name; Go counts its days from there, so that none is negative. */
const ZERO_YEAR = -292_277_022_399;
/** Seconds from the start of that year to 1970. */
const ZERO_TO_UNIX = 9_223_371_966_579_724_800n + 62_135_596_800n;

const DAYS_IN_400_YEARS = 146_097;
const DAYS_IN_100_YEARS = 36_524;
const DAYS_IN_4_YEARS = 1461;

/** Days of a common year before each month. */
const DAYS_BEFORE: readonly number[] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** A date and time of day in the Gregorian calendar. */
export interface Civil {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** From 1. */
  readonly yearDay: number;
  /** From 0 for Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The parts of a date and time; each may lie outside of its range and then carries over. */
export type CivilParts = Pick<Civil, 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'>;

/** The date and time of an instant, in seconds since 1970, at an offset in seconds east of UTC. */
export function toCivil(unix: bigint, offset: number): Civil {
  const seconds = BigInt.asUintN(64, unix + BigInt(offset) + ZERO_TO_UNIX);
  const days = Number(seconds / DAY);
  const inDay = Number(seconds % DAY);
  const { year, day: yearDay } = splitYears(days);
  const { month, day } = splitMonths(year, yearDay);
  return {
    year,
    month,
    day,
    yearDay: yearDay + 1,
    // The zero year begins on a Monday.
    weekday: (days + 1) % 7,
    hour: Math.floor(inDay / 3600),
    minute: Math.floor(inDay / 60) % 60,
    second: inDay % 60,
  };
}

/** The instant of a date and time in UTC, in seconds since 1970; beyond 64 bits it wraps as Go's does. */
export function fromCivil({ year, month, day, hour, minute, second }: CivilParts): bigint {
  const months = BigInt(month) - 1n;
  const years = floorDivide(months, 12n);
  const wholeYear = BigInt.asIntN(64, BigInt(year) + years);
  const inYear = Number(months - years * 12n);
  const leapDay = inYear >= 2 && isLeapYear(wholeYear) ? 1n : 0n;
  const days = daysBeforeYear(wholeYear) + BigInt(DAYS_BEFORE[inYear] as number) + leapDay + BigInt(day) - 1n;
  const seconds = days * DAY + BigInt(hour) * 3600n + BigInt(minute) * 60n + BigInt(second);
  return BigInt.asIntN(64, seconds - ZERO_TO_UNIX);
}

/** The days of a month; the year may be any. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2 && isLeapYear(BigInt(year))) return 29;
  return (DAYS_BEFORE[month] as number) - (DAYS_BEFORE[month - 1] as number);
}

/** The month, and the day in it, of a day of the year; both counted from 1. */
export function monthOfYearDay(year: number, yearDay: number): { month: number; day: number } {
  return splitMonths(year, yearDay - 1);
}

/** Days from the zero year, split into the year and the day in it from 0. */
function splitYears(days: number): { year: number; day: number } {
  const cycles = Math.floor(days / DAYS_IN_400_YEARS);
  let rest = days - cycles * DAYS_IN_400_YEARS;
  // The last day of a cycle belongs to the last century, and that of a leap year to its year.
  const centuries = Math.min(3, Math.floor(rest / DAYS_IN_100_YEARS));
  rest -= centuries * DAYS_IN_100_YEARS;
  const leaps = Math.floor(rest / DAYS_IN_4_YEARS);
  rest -= leaps * DAYS_IN_4_YEARS;
  const years = Math.min(3, Math.floor(rest / 365));
  const year = cycles * 400 + centuries * 100 + leaps * 4 + years + ZERO_YEAR;
  return { year, day: rest - years * 365 };
}

function splitMonths(year: number, yearDay: number): { month: number; day: number } {
  let day = yearDay;
  if (isLeapYear(BigInt(year))) {
    if (day === 59) return { month: 2, day: 29 };
    if (day > 59) day--;
  }
  const month = DAYS_BEFORE.findIndex((before) => before > day);
  return { month, day: day - (DAYS_BEFORE[month - 1] as number) + 1 };
}

/** Days from the zero year to the start of a year. */
function daysBeforeYear(year: bigint): bigint {
  const years = BigInt.asUintN(64, year - BigInt(ZERO_YEAR));
  const inCycle = years % 400n;
  const inCentury = inCycle % 100n;
  return (
    (years / 400n) * BigInt(DAYS_IN_400_YEARS) +
    (inCycle / 100n) * BigInt(DAYS_IN_100_YEARS) +
    (inCentury / 4n) * BigInt(DAYS_IN_4_YEARS) +
    (inCentury % 4n) * 365n
  );
}

/** Whether a year has a 29th of February. */
export function isLeapYear(year: bigint): boolean {
  return year % 4n === 0n && (year % 100n !== 0n || year % 400n === 0n);
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a / b - (a % b < 0n ? 1n : 0n);
}
