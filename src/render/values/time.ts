import type { JsonValue } from '../../lib/json.ts';
import { MONTH_NAMES } from './calendar-names.ts';
import { type Civil, toCivil } from './civil-time.ts';
import { SECOND } from './duration.ts';
import { formatTime } from './format-time.ts';
import { GoObject, type ObjectKind } from './go-object.ts';
import { quoteBytes, toByteText } from './quote-time.ts';
import { areEqualZones, LOCAL, UTC, type Zone } from './zone.ts';

const PRINTED = '2006-01-02 15:04:05.999999999 -0700 MST';
const RFC_3339 = '2006-01-02T15:04:05.999999999Z07:00';

/** Seconds from the year 1, where Go's times begin, to 1970. */
const FIRST_YEAR_TO_UNIX = 62_135_596_800n;

/** Go's time.Time: an instant to the nanosecond, and the zone that shows it. */
export class Time extends GoObject {
  /** Seconds since 1970, 64 bits. */
  readonly unix: bigint;
  /** From 0 to 999,999,999. */
  readonly nanosecond: number;
  readonly zone: Zone;

  constructor(unix: bigint, nanosecond: number, zone: Zone) {
    super();
    this.unix = BigInt.asIntN(64, unix);
    this.nanosecond = nanosecond;
    this.zone = zone;
  }

  override get typeName(): string {
    return 'time.Time';
  }

  override get kind(): ObjectKind {
    return 'struct';
  }

  /** The date and time of day in the time's own zone. */
  get civil(): Civil {
    return toCivil(this.unix, this.zone.offset);
  }

  /** Seconds since the year 1, which order times. */
  get sinceYearOne(): bigint {
    return BigInt.asIntN(64, this.unix + FIRST_YEAR_TO_UNIX);
  }

  format(layout: string): string {
    const { name, offset } = this.zone;
    return formatTime({ ...this.civil, nanosecond: this.nanosecond, abbreviation: name, offset }, layout);
  }

  override toString(): string {
    return this.format(PRINTED);
  }

  override goSyntax(): string {
    const { year, month, day, hour, minute, second } = this.civil;
    const date = `${year}, time.${MONTH_NAMES[month - 1]}, ${day}`;
    return `time.Date(${date}, ${hour}, ${minute}, ${second}, ${this.nanosecond}, ${zoneSyntax(this.zone)})`;
  }

  override toJson(): JsonValue {
    const { year } = this.civil;
    if (year >= 0 && year < 10_000) return this.format(RFC_3339);
    const reason = 'Time.MarshalJSON: year outside of range [0,9999]';
    throw new Error(`json: error calling MarshalJSON for type time.Time: ${reason}`);
  }

  override isIdentical(other: GoObject): boolean {
    return other instanceof Time && compareTimes(this, other) === 0 && other.zone === this.zone;
  }

  override isDeepEqual(other: GoObject): boolean {
    return other instanceof Time && compareTimes(this, other) === 0 && areEqualZones(other.zone, this.zone);
  }
}

/** Go's zero time: the start of the year 1 in UTC. */
export const ZERO_TIME = new Time(-FIRST_YEAR_TO_UNIX, 0, UTC);

/** A time in the local zone from nanoseconds since 1970. */
export function timeFromNanoseconds(nanoseconds: bigint): Time {
  const nanosecond = Number(BigInt.asUintN(64, (nanoseconds % SECOND) + SECOND) % SECOND);
  return new Time((nanoseconds - BigInt(nanosecond)) / SECOND, nanosecond, LOCAL);
}

/** The order of two instants, whatever their zones: negative, zero or positive. */
export function compareTimes(a: Time, b: Time): number {
  if (a.unix === b.unix) return a.nanosecond - b.nanosecond;
  return a.sinceYearOne < b.sinceYearOne ? -1 : 1;
}

/** A time some nanoseconds later. */
export function addNanoseconds(time: Time, nanoseconds: bigint): Time {
  const sum = BigInt(time.nanosecond) + nanoseconds;
  const nanosecond = ((sum % SECOND) + SECOND) % SECOND;
  return new Time(time.unix + (sum - nanosecond) / SECOND, Number(nanosecond), time.zone);
}

function zoneSyntax(zone: Zone): string {
  if (zone === UTC) return 'time.UTC';
  return zone === LOCAL ? 'time.Local' : `time.Location(${quoteBytes(toByteText(zone.name))})`;
}
