import { certificateFields } from './certificate.ts';
import { calendarNameMethods, durationMethods } from './duration-methods.ts';
import type { GoObject } from './go-object.ts';
import type { Method, MethodTable } from './method.ts';
import { locationMethods, timeMethods } from './time-methods.ts';
import { versionMethods, versionPointerMethods } from './version-methods.ts';

const TABLES: Readonly<Record<string, MethodTable>> = {
  'sprig.certificate': certificateFields,
  'time.Time': timeMethods,
  'time.Duration': durationMethods,
  'time.Month': calendarNameMethods,
  'time.Weekday': calendarNameMethods,
  '*time.Location': locationMethods,
  '*semver.Version': versionPointerMethods,
  'semver.Version': versionMethods,
};

const VERSION_FIELDS = ['major', 'minor', 'patch', 'pre', 'metadata', 'original'];

/** Fields that Go's types have and do not show; its error texts tell of them. */
const HIDDEN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'time.Time': ['wall', 'ext', 'loc'],
  '*time.Location': ['name', 'zone', 'tx', 'extend', 'cacheStart', 'cacheEnd', 'cacheZone'],
  '*semver.Version': VERSION_FIELDS,
  'semver.Version': VERSION_FIELDS,
};

const NAMES: ReadonlySet<string> = new Set(Object.values(TABLES).flatMap((table) => [...table.keys()]));

/** Whether any type has a method of this name. */
export function isMethodName(name: string): boolean {
  return NAMES.has(name);
}

/** The method of a value with this name. */
export function findMethod(object: GoObject, name: string): Method | undefined {
  return TABLES[object.typeName]?.get(name);
}

/** Whether a value has a field with this name that Go does not let templates read. */
export function isHiddenField(object: GoObject, name: string): boolean {
  return HIDDEN_FIELDS[object.typeName]?.includes(name) ?? false;
}
