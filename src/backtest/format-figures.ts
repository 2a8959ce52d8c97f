import type { TuneUnit } from '../api/tune-rules.ts';

const NANO = 1_000_000_000n;
const HOUR = 3_600_000n;

/** One of each unit in billionths, and what an hour of it is called. */
const UNITS = {
  memory: { size: NANO * 2n ** 30n, name: 'GiB-hours' },
  cpu: { size: NANO, name: 'core-hours' },
  number: { size: NANO, name: 'unit-hours' },
  integer: { size: NANO, name: 'unit-hours' },
} as const satisfies Record<TuneUnit, { size: bigint; name: string }>;

/** Milliseconds as hours with so many decimals, rounded half up. */
export function formatHours(milliseconds: number, decimals = 3): string {
  return formatRatio(BigInt(milliseconds), HOUR, decimals);
}

/** Billionths times milliseconds as GiB-hours, core-hours or unit-hours, rounded half up. */
export function formatAmount(amount: bigint, unit: TuneUnit, decimals = 3): string {
  return formatRatio(amount, UNITS[unit].size * HOUR, decimals);
}

/** What `formatAmount` counts in. */
export function amountUnit(unit: TuneUnit): string {
  return UNITS[unit].name;
}

/** A fraction that is not negative as a decimal, without zeros at its end. */
function formatRatio(numerator: bigint, denominator: bigint, decimals: number): string {
  const scale = 10n ** BigInt(decimals);
  const scaled = (2n * numerator * scale + denominator) / (2n * denominator);
  const fraction = (scaled % scale).toString().padStart(decimals, '0').replace(/0+$/, '');
  return `${scaled / scale}${fraction === '' ? '' : `.${fraction}`}`;
}
