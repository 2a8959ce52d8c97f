import { parseQuantity } from '../lib/quantity.ts';

/** A tuned value over time, in order: each point stands until the next. */
export type StepLine = readonly StepPoint[];

/** What a tuned value became at a time. */
export interface StepPoint {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** As templates see it; absent where the decision is gone. */
  readonly value?: string;
  /** The same in billionths of the unit. */
  readonly nanos?: bigint;
}

/** The point of a value that was decided at a time; without a value the decision is gone. */
export function stepPoint(time: number, value: string | undefined): StepPoint {
  return value === undefined ? { time } : { time, value, nanos: parseQuantity(value).nanos };
}

/** The values at times that only grow, in billionths: each call looks on from where the last one stopped. */
export function walkLine(line: StepLine): (time: number) => bigint | undefined {
  let at = -1;
  return (time) => {
    while (at + 1 < line.length && (line[at + 1] as StepPoint).time <= time) at++;
    return line[at]?.nanos;
  };
}
