import { DAY_NAMES, MONTH_NAMES } from './calendar-names.ts';
import type { Civil } from './civil-time.ts';
import { isFraction, isNumericZone, splitLayout } from './time-layout.ts';

/** An instant as a zone shows it. */
export interface ShownTime extends Civil {
  readonly nanosecond: number;
  /** The zone's abbreviation; empty when it has none. */
  readonly abbreviation: string;
  /** Seconds east of UTC. */
  readonly offset: number;
}

const FORMATS: Readonly<Record<string, (time: ShownTime) => string>> = {
  '2006': ({ year }) => padNumber(year, 4),
  '06': ({ year }) => padNumber(Math.abs(year) % 100, 2),
  January: ({ month }) => MONTH_NAMES[month - 1] as string,
  Jan: ({ month }) => (MONTH_NAMES[month - 1] as string).slice(0, 3),
  '01': ({ month }) => padNumber(month, 2),
  '1': ({ month }) => String(month),
  Monday: ({ weekday }) => DAY_NAMES[weekday] as string,
  Mon: ({ weekday }) => (DAY_NAMES[weekday] as string).slice(0, 3),
  '02': ({ day }) => padNumber(day, 2),
  _2: ({ day }) => String(day).padStart(2),
  '2': ({ day }) => String(day),
  '002': ({ yearDay }) => padNumber(yearDay, 3),
  __2: ({ yearDay }) => String(yearDay).padStart(3),
  '15': ({ hour }) => padNumber(hour, 2),
  '03': ({ hour }) => padNumber(hour % 12 || 12, 2),
  '3': ({ hour }) => String(hour % 12 || 12),
  '04': ({ minute }) => padNumber(minute, 2),
  '4': ({ minute }) => String(minute),
  '05': ({ second }) => padNumber(second, 2),
  '5': ({ second }) => String(second),
  PM: ({ hour }) => (hour >= 12 ? 'PM' : 'AM'),
  pm: ({ hour }) => (hour >= 12 ? 'pm' : 'am'),
  MST: ({ abbreviation, offset }) => abbreviation || formatOffset(offset, '-0700'),
};

/** Writes a time by one of Go's layouts. Throws when the layout is longer than 10,000 characters. */
export function formatTime(time: ShownTime, layout: string): string {
  let text = '';
  for (const { literal, element } of splitLayout(layout)) {
    text += literal;
    if (element !== undefined) text += formatElement(time, element);
  }
  return text;
}

function formatElement(time: ShownTime, element: string): string {
  if (isFraction(element)) return formatFraction(time.nanosecond, element);
  if (isNumericZone(element)) return formatOffset(time.offset, element);
  return (FORMATS[element] as (time: ShownTime) => string)(time);
}

/** An offset in the form of a layout's element; one that begins with Z writes UTC as Z. */
function formatOffset(offset: number, element: string): string {
  if (offset === 0 && element.startsWith('Z')) return 'Z';
  const minutes = Math.trunc(offset / 60);
  const size = minutes < 0 ? -offset : offset;
  const colon = element.includes(':') ? ':' : '';
  const hours = padNumber(Math.floor(Math.abs(minutes) / 60), 2);
  const parts = [hours];
  const digits = element.replace(/\D/g, '').length;
  if (digits > 2) parts.push(padNumber(Math.abs(minutes) % 60, 2));
  if (digits > 4) parts.push(padNumber(size % 60, 2));
  return (minutes < 0 ? '-' : '+') + parts.join(colon);
}

/** A fraction of a second: zeros in the layout keep trailing zeros, nines drop them. */
function formatFraction(nanosecond: number, element: string): string {
  const digits = padNumber(nanosecond, 9).slice(0, element.length - 1);
  const kept = element.includes('9') ? digits.replace(/0+$/, '') : digits;
  return kept === '' ? '' : `${element[0]}${kept}`;
}

/** A number with leading zeros, its sign before them. */
export function padNumber(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(width, '0');
  return value < 0 ? `-${digits}` : digits;
}
