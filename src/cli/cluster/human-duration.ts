const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Below `below`, so many of `unit` and, where there are any, so many of the next smaller one. */
const STEPS: readonly { below: number; unit: number; letter: string; rest?: [number, string] }[] = [
  { below: 2 * MINUTE, unit: SECOND, letter: 's' },
  { below: 10 * MINUTE, unit: MINUTE, letter: 'm', rest: [SECOND, 's'] },
  { below: 3 * HOUR, unit: MINUTE, letter: 'm' },
  { below: 8 * HOUR, unit: HOUR, letter: 'h', rest: [MINUTE, 'm'] },
  { below: 2 * DAY, unit: HOUR, letter: 'h' },
  { below: 8 * DAY, unit: DAY, letter: 'd', rest: [HOUR, 'h'] },
  { below: 2 * YEAR, unit: DAY, letter: 'd' },
  { below: 8 * YEAR, unit: YEAR, letter: 'y', rest: [DAY, 'd'] },
  { below: Number.POSITIVE_INFINITY, unit: YEAR, letter: 'y' },
];

/**
 * Milliseconds as kubectl shows ages, with two or three digits that matter: `45s`, `5m30s`, `12m`, `3d4h`. What lies
 * a moment in the future, since clocks differ, is `0s`. Source: k8s.io/apimachinery, util/duration.
 */
export function humanDuration(milliseconds: number): string {
  const time = Math.max(0, milliseconds);
  const step = STEPS.find(({ below }) => time < below);
  if (!step) return '<unknown>';
  const { unit, letter, rest } = step;
  const whole = `${Math.floor(time / unit)}${letter}`;
  if (!rest) return whole;
  const remainder = Math.floor((time % unit) / rest[0]);
  return remainder === 0 ? whole : `${whole}${remainder}${rest[1]}`;
}

/** How long ago a time of the API server was; `<unknown>` where there is none. */
export function ageOf(time: unknown, now: Date): string {
  return humanDuration(typeof time === 'string' ? now.getTime() - Date.parse(time) : Number.NaN);
}
