/** How much one render may do before it is refused. */
export interface Limits {
  /** Characters of output. */
  readonly output?: number;
  /** Iterations of all range loops together. */
  readonly iterations?: number;
  /** Nested `template` calls. */
  readonly depth?: number;
  /** Milliseconds that one render may take. */
  readonly milliseconds?: number;
  /** A monotonic clock in milliseconds, for the time limit alone: templates never see it. */
  readonly clock?: () => number;
}

/** Limits with every default filled in. */
export interface FullLimits {
  readonly output: number;
  readonly iterations: number;
  readonly depth: number;
  readonly milliseconds: number;
  readonly clock: () => number;
}

/** The largest template text, in characters. */
export const MAX_TEMPLATE_LENGTH = 4 * 1024 * 1024;

const DEFAULTS: FullLimits = {
  output: 16 * 1024 * 1024,
  iterations: 1_000_000,
  depth: 500,
  milliseconds: 500,
  clock: () => performance.now(),
};

/** Fills in what the caller left open: 16 Mi characters, a million iterations, 500 calls deep, 500 ms. */
export function fillLimits(limits: Limits = {}): FullLimits {
  return {
    output: limits.output ?? DEFAULTS.output,
    iterations: limits.iterations ?? DEFAULTS.iterations,
    depth: limits.depth ?? DEFAULTS.depth,
    milliseconds: limits.milliseconds ?? DEFAULTS.milliseconds,
    clock: limits.clock ?? DEFAULTS.clock,
  };
}
