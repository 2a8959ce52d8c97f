import { parseDuration } from '../lib/duration.ts';
import { parseQuantity, type Quantity, roundUpQuantity } from '../lib/quantity.ts';
import { parseShare } from '../lib/share.ts';
import type { Tune } from './generatorset-schema.ts';

/** What a decision is about: bytes, cores, or a number without a unit. */
export type TuneUnit = 'memory' | 'cpu' | 'number' | 'integer';

/** The fields of a decision that hold a quantity and say by their suffixes what it is about. */
export const BOUND_FIELDS = ['roundUp', 'min', 'max'] as const;

/** The rules of one decision, ready to be applied. Amounts are billionths of a byte, a core or one. */
export interface TuneRules {
  readonly unit: TuneUnit;
  /** A share, as `parseShare` counts it; so are the others that are called share. */
  readonly margin: bigint;
  readonly increaseOnly: boolean;
  readonly minChange: { readonly share: bigint } | { readonly nanos: bigint };
  /** Milliseconds. */
  readonly cooldown: number;
  readonly maxDecrease?: bigint;
  /** Values are multiples of it, written in its form. */
  readonly roundUp: Quantity;
  /** Multiples of `roundUp` themselves. */
  readonly min: bigint;
  readonly max: bigint;
}

/** Billionths of one. */
export const ONE = 1_000_000_000n;

/** No value is larger, so that all fit into the 64 bits that Kubernetes has for them: 1E, some 888Pi. */
export const MAX_AMOUNT = 10n ** 18n * ONE;

/** Fewer than these cores are meant where a bound has no suffix; fewer bytes are no memory. */
const LEAST_BYTES = 1024n * ONE;

const DEFAULT_ROUND_UP: Readonly<Record<TuneUnit, string>> = {
  memory: '1Mi',
  cpu: '1m',
  number: '1n',
  integer: '1',
};

/** Reads the rules of a decision whose fields are valid; throws a RangeError for a field that is not. */
export function readTuneRules(tune: Partial<Tune>): TuneRules {
  const unit = tuneUnit(tune);
  const roundUp = parseQuantity(String(tune.roundUp ?? DEFAULT_ROUND_UP[unit]));
  const min = parseQuantity(String(tune.min ?? 0));
  const max = tune.max === undefined ? MAX_AMOUNT : parseQuantity(String(tune.max)).nanos;
  return {
    unit,
    margin: parseShare(tune.margin ?? '0%'),
    increaseOnly: tune.increaseOnly ?? false,
    minChange: readMinChange(String(tune.minChange ?? 0)),
    cooldown: tune.cooldown === undefined ? 0 : parseDuration(tune.cooldown),
    ...(tune.maxDecrease !== undefined && { maxDecrease: parseShare(tune.maxDecrease) }),
    roundUp,
    min: roundUpQuantity(min, roundUp).nanos,
    max: max - (max % roundUp.nanos),
  };
}

/**
 * The unit of a decision: what it says, else what the suffixes of its bounds say. Without any suffix it is cpu where
 * bounds are too small to be bytes, else memory.
 */
export function tuneUnit(tune: Pick<Tune, 'unit' | 'roundUp' | 'min' | 'max'>): TuneUnit {
  if (tune.unit !== undefined) return tune.unit;
  const bounds = BOUND_FIELDS.flatMap((field) => (tune[field] === undefined ? [] : [String(tune[field])]));
  if (bounds.some((text) => /[a-z]$/i.test(text) && !/[num]$/.test(text))) return 'memory';
  if (bounds.some((text) => /[num]$/.test(text))) return 'cpu';
  const amounts = bounds.map((text) => parseQuantity(text).nanos).filter((nanos) => nanos > 0n);
  return amounts.length > 0 && amounts.every((nanos) => nanos < LEAST_BYTES) ? 'cpu' : 'memory';
}

function readMinChange(text: string): TuneRules['minChange'] {
  return text.endsWith('%') ? { share: parseShare(text) } : { nanos: parseQuantity(text).nanos };
}
