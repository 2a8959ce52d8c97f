import type { Month, Weekday } from './calendar-names.ts';
import { clampDuration, Duration, durationIn, roundDuration, SECOND, truncateDuration } from './duration.ts';
import { goInt } from './go-number.ts';
import { type MethodTable, methodTable } from './method.ts';

/** The methods of time.Duration. */
export const durationMethods: MethodTable = methodTable<Duration>({
  Abs: [[], ({ integer }) => new Duration(clampDuration(integer < 0n ? -integer : integer))],
  Hours: [[], ({ integer }) => durationIn(integer, 3600n * SECOND)],
  Microseconds: [[], ({ integer }) => goInt(integer / 1000n, 'int64')],
  Milliseconds: [[], ({ integer }) => goInt(integer / 1_000_000n, 'int64')],
  Minutes: [[], ({ integer }) => durationIn(integer, 60n * SECOND)],
  Nanoseconds: [[], ({ integer }) => goInt(integer, 'int64')],
  Round: [['duration'], ({ integer }, to: Duration) => new Duration(roundDuration(integer, to.integer))],
  Seconds: [[], ({ integer }) => durationIn(integer, SECOND)],
  String: [[], (duration) => duration.toString()],
  Truncate: [
    ['duration'],
    ({ integer }, to: Duration) => new Duration(truncateDuration(integer, to.integer)),
  ],
});

/** The methods of time.Month and time.Weekday. */
export const calendarNameMethods: MethodTable = methodTable<Month | Weekday>({
  String: [[], (name) => name.toString()],
});
