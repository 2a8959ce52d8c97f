/** What a duration must look like, for a JSON Schema's `pattern`. */
export const DURATION_PATTERN = '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$';

/** Longer texts are refused before they are read. */
export const MAX_DURATION_LENGTH = 64;

const NANOSECONDS = new Map<string, bigint>([
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** Go keeps a duration as a signed 64 bit number of nanoseconds. */
const MAX_NANOSECONDS = 2n ** 63n - 1n;

/**
 * Parses a duration as Kubernetes users write it, such as `24h`, `5m30s`, `1.5h` or `100ms`, and returns
 * milliseconds. It is Go's time.ParseDuration without signs, bare numbers and units below `ms`. Throws a
 * RangeError that says what to write.
 */
export function parseDuration(text: string): number {
  if (text.length > MAX_DURATION_LENGTH || !new RegExp(DURATION_PATTERN).test(text)) {
    throw new RangeError(`${quote(text)} is not a duration such as 24h or 5m30s`);
  }
  let total = 0n;
  for (const [, whole, fraction = '', unit] of text.matchAll(/(\d+)(?:\.(\d+))?(ms|s|m|h)/g)) {
    const size = NANOSECONDS.get(unit as string) as bigint;
    total += (BigInt(whole + fraction) * size) / 10n ** BigInt(fraction.length);
  }
  if (total > MAX_NANOSECONDS)
    throw new RangeError(`${quote(text)} is longer than a duration can be (292 years)`);
  return Number(total) / 1e6;
}

/** Writes milliseconds as Go's Duration.String does: `24h0m0s`, `5m30s`, `1.5s`, `100ms`, `0s`. */
export function formatDuration(milliseconds: number): string {
  const total = BigInt(Math.round(Math.abs(milliseconds) * 1e6));
  const sign = milliseconds < 0 && total > 0n ? '-' : '';
  if (total === 0n) return '0s';
  if (total < 1_000n) return `${sign}${total}ns`;
  if (total < 1_000_000n) return `${sign}${decimal(total, 3)}µs`;
  if (total < 1_000_000_000n) return `${sign}${decimal(total, 6)}ms`;
  const minutes = total / 60_000_000_000n;
  const seconds = `${decimal(total % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return `${sign}${seconds}`;
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`;
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** The number divided by a power of ten, without trailing zeros. */
function decimal(value: bigint, digits: number): string {
  const text = value.toString().padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  return text.slice(0, -digits) + (fraction === '' ? '' : `.${fraction}`);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
