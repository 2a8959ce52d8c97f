import type { JsonValue } from '../../lib/json.ts';
import { GoObject, type ObjectKind } from './go-object.ts';

/** A time zone with one offset: the only kind that times of a template have. Zones are compared by identity. */
export interface Zone {
  /** Its name, which may be empty. */
  readonly name: string;
  /** Seconds east of UTC. */
  readonly offset: number;
}

/** The zone of times that are in UTC by themselves. */
export const UTC: Zone = { name: 'UTC', offset: 0 };

/** The local zone, which is always UTC here: a template gives the same on every machine. */
export const LOCAL: Zone = { name: 'UTC', offset: 0 };

/** Go's *time.Location. */
export class Location extends GoObject {
  readonly zone: Zone;

  constructor(zone: Zone) {
    super();
    this.zone = zone;
  }

  override get typeName(): string {
    return '*time.Location';
  }

  override get kind(): ObjectKind {
    return 'ptr';
  }

  override toString(): string {
    return this.zone.name;
  }

  override goSyntax(): string {
    return `(*time.Location)(${JSON.stringify(this.zone.name)})`;
  }

  override toJson(): JsonValue {
    return {};
  }

  override isIdentical(other: GoObject): boolean {
    return other instanceof Location && other.zone === this.zone;
  }

  override isDeepEqual(other: GoObject): boolean {
    return other instanceof Location && areEqualZones(other.zone, this.zone);
  }
}

/** Whether two zones are alike; UTC and the local zone are not, as in Go. */
export function areEqualZones(a: Zone, b: Zone): boolean {
  if (a === UTC || b === UTC || a === LOCAL || b === LOCAL) return a === b;
  return a.name === b.name && a.offset === b.offset;
}
