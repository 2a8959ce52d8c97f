import { ONE, type TuneRules } from '../api/tune-rules.ts';
import { formatQuantity } from '../lib/quantity.ts';

/** A value as text: a canonical quantity in the form of `roundUp` for memory and cpu, else a plain decimal number. */
export function writeAmount(nanos: bigint, { unit, roundUp }: Pick<TuneRules, 'unit' | 'roundUp'>): string {
  if (unit === 'memory' || unit === 'cpu') return formatQuantity({ nanos, format: roundUp.format });
  const fraction = (nanos % ONE).toString().padStart(9, '0').replace(/0+$/, '');
  return `${nanos / ONE}${fraction === '' ? '' : `.${fraction}`}`;
}
