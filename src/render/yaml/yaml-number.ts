import { formatPlain, formatShortest } from '../values/format-float.ts';
import type { NumberMode } from '../values/value.ts';

const LARGEST = 2n ** 64n - 1n;
const SMALLEST = -(2n ** 63n);

/**
 * A number as sigs.k8s.io/yaml writes it: integers of 64 bits with all digits, all others with Go's `%g`, so
 * `1.5e+06`. In the exact mode every number is a plain decimal. Throws for NaN and the infinities.
 */
export function formatYamlNumber(value: number | bigint, mode: NumberMode): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`json: unsupported value: ${value}`);
  if (value === 0) return '0';
  if (mode === 'exact' || Number.isSafeInteger(value)) return formatPlain(value);
  const digits =
    typeof value === 'bigint' || Number.isInteger(value) ? BigInt(plainDigits(value)) : undefined;
  const isInteger = digits !== undefined && digits >= SMALLEST && digits <= LARGEST;
  return isInteger ? String(digits) : formatShortest(Number(value));
}

/** A double has the zeros behind its shortest digits that Go's JSON gives it. */
function plainDigits(value: number | bigint): string {
  return typeof value === 'bigint' ? String(value) : formatPlain(value);
}
