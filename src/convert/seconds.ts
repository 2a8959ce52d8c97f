import type { Conversion } from './conversion.ts';
import type { Field } from './field.ts';

/** A number of seconds as a duration, and a default where there is none. */
export function secondsOf(field: Field | undefined, otherwise: number, conversion: Conversion): string {
  const seconds = field?.value;
  const isCount = typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0;
  if (isCount) conversion.use(field);
  else conversion.lose(field, `it must be a number of seconds: ${otherwise} are taken`);
  return `${isCount ? seconds : otherwise}s`;
}
