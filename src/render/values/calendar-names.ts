import { NamedInteger, type ObjectKind } from './go-object.ts';

/** The months' names from January on. */
export const MONTH_NAMES: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The days' names from Sunday on. */
export const DAY_NAMES: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];

/** Go's time.Month, from 1 to 12. */
export class Month extends NamedInteger {
  override get typeName(): string {
    return 'time.Month';
  }

  override get kind(): ObjectKind {
    return 'int';
  }

  override toString(): string {
    return MONTH_NAMES[Number(this.integer) - 1] as string;
  }
}

/** Go's time.Weekday, from 0 for Sunday to 6. */
export class Weekday extends NamedInteger {
  override get typeName(): string {
    return 'time.Weekday';
  }

  override get kind(): ObjectKind {
    return 'int';
  }

  override toString(): string {
    return DAY_NAMES[Number(this.integer)] as string;
  }
}
