import { Cron } from 'croner';

/** Times that recur by the clock of a time zone. All are milliseconds of the epoch. */
export interface CronTimes {
  /** The first time after this one; undefined when there is none. */
  next(after: number): number | undefined;
  /** The last time at or before this one; undefined when there was none. */
  previous(at: number): number | undefined;
}

const FIELDS = ['minute', 'hour', 'day of month', 'month', 'day of week'] as const;
const NICKNAMES = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)$/i;
/** Digits, names of months and days, and what combines them; L, W and # count days from the end or by week. */
const FIELD_PATTERN = /^[\da-z*,/#-]+$/i;

/** Lists and ranges are times of the day too: one of them that the clock leaves out or repeats comes once. */
const OPTIONS = { mode: '5-part', fixedTimeRule: 'no-wildcard' } as const;

/** All times are whole minutes, so that half a minute is a safe distance from any. */
const MINUTE = 60_000;

/** Parsing takes longer than asking, and thousands of sets share a few expressions. */
const MAX_KNOWN = 1000;
const known = new Map<string, CronTimes>();

/**
 * Reads a cron expression of five fields, or `@daily` and the like. Where the clock is set forward over a time of the
 * day, it comes right after; where the clock is set back, it comes once. Throws a RangeError that says what to write,
 * also for an expression whose time never comes.
 */
export function parseCron(text: string, timeZone: string): CronTimes {
  const id = JSON.stringify([text, timeZone]);
  const times = known.get(id) ?? createTimes(text, timeZone);
  known.delete(id);
  known.set(id, times);
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value as string);
  return times;
}

/** Throws a RangeError for what is no IANA name of a time zone. */
export function checkTimeZone(name: string): void {
  try {
    // Offsets such as +02:00 know nothing of summer.
    if (!/^[a-z]/i.test(name)) throw new RangeError('not a name');
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch (error) {
    throw new RangeError(
      `${JSON.stringify(name)} is no time zone; write an IANA name such as Europe/Berlin, or UTC`,
      { cause: error },
    );
  }
}

function createTimes(text: string, timeZone: string): CronTimes {
  checkSyntax(text);
  checkTimeZone(timeZone);
  const cron = new Cron(text.trim(), { ...OPTIONS, timezone: timeZone });
  let around = { previous: Number.POSITIVE_INFINITY, next: Number.NEGATIVE_INFINITY };
  // Most questions are about the same stretch between two times, and the answer takes a while.
  function findAround(time: number): typeof around {
    if (around.previous <= time && time < around.next) return around;
    const middle = middleOfMinute(time);
    const previous = cron.previousRuns(1, middle)[0]?.getTime() ?? Number.NEGATIVE_INFINITY;
    around = { previous, next: cron.nextRun(middle)?.getTime() ?? Number.POSITIVE_INFINITY };
    return around;
  }
  if (findAround(0).next === Number.POSITIVE_INFINITY) {
    throw new RangeError(`${JSON.stringify(text)} never comes`);
  }
  return {
    next: (after) => finite(findAround(after).next),
    previous: (at) => finite(findAround(at).previous),
  };
}

function finite(time: number): number | undefined {
  return Number.isFinite(time) ? time : undefined;
}

function middleOfMinute(time: number): Date {
  return new Date(Math.floor(time / MINUTE) * MINUTE + MINUTE / 2);
}

/** Names the field that is wrong, which the library's messages don't. */
function checkSyntax(text: string): void {
  const fields = text.trim().split(/ +/);
  if (fields.length === 1 && NICKNAMES.test(fields[0] as string)) return;
  if (fields.length !== FIELDS.length) {
    throw new RangeError(
      `${JSON.stringify(text)} is no cron expression; write minute, hour, day of month, month and day of week, ` +
        'such as "0 6 * * 1-5", or @hourly, @daily, @weekly, @monthly, @yearly',
    );
  }
  for (const [index, field] of fields.entries()) checkField(field, index);
}

function checkField(field: string, index: number): void {
  try {
    if (!FIELD_PATTERN.test(field)) throw new RangeError('characters that no field has');
    new Cron(FIELDS.map((_, other) => (other === index ? field : '*')).join(' '), OPTIONS);
  } catch (error) {
    throw new RangeError(
      `${JSON.stringify(field)} is no ${FIELDS[index]}; write numbers, ranges (1-5), lists (1,15), steps (*/10) or *`,
      { cause: error },
    );
  }
}
