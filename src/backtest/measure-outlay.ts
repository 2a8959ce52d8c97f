import type { Outlay, UsageCells } from './backtest-result.ts';
import { cellAt, countCells, type Period } from './period.ts';
import { type StepLine, walkLine } from './step-line.ts';

/** What a decided and a fixed limit came to over the same time. Times in milliseconds. */
export interface Measured {
  readonly measured: number;
  readonly withoutData: number;
  readonly withoutDecision: number;
  readonly decided: Outlay;
  readonly fixed: Outlay;
}

/**
 * Compares usage with limits, exactly: each sample stands until the next, and so does the limit of that time. Only time
 * that has both a sample and a decision counts, for the fixed limit too.
 */
export function measureOutlay(
  usage: UsageCells,
  { decided, fixed }: { readonly decided: StepLine; readonly fixed: bigint },
  period: Period,
): Measured {
  const limitAt = walkLine(decided);
  const sums = { measured: 0, withoutData: 0, withoutDecision: 0 };
  const outlays = { decided: newOutlay(), fixed: newOutlay() };
  for (let cell = 0; cell < countCells(period); cell++) {
    const { begin, end } = cellAt(period, cell);
    const length = end - begin;
    const used = usage[cell];
    const limit = limitAt(begin);
    if (used === undefined) sums.withoutData += length;
    else if (limit === undefined) sums.withoutDecision += length;
    else {
      sums.measured += length;
      addCell(outlays.decided, limit - used, length);
      addCell(outlays.fixed, fixed - used, length);
    }
  }
  return { ...sums, ...outlays };
}

function newOutlay(): { exceeded: number; overProvisioned: bigint } {
  return { exceeded: 0, overProvisioned: 0n };
}

/** `room` is what the limit leaves above the usage, in billionths; `length` in milliseconds. */
function addCell(outlay: ReturnType<typeof newOutlay>, room: bigint, length: number): void {
  if (room < 0n) outlay.exceeded += length;
  else outlay.overProvisioned += room * BigInt(length);
}
