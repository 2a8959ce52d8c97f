import type { UsageCells } from './backtest-result.ts';
import { cellAt, type Period } from './period.ts';
import type { StepLine } from './step-line.ts';

const NANO = 1e9;

/** Points in order of time; undefined is a gap. */
export type Line = readonly (Point | undefined)[];

interface Point {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Bytes, cores, or a number. */
  readonly amount: number;
}

/** The usage at the beginning of each cell; where there are many, the least and the most of each of `width` parts. */
export function usagePoints(usage: UsageCells, period: Period, width: number): Line {
  const size = Math.ceil(usage.length / width);
  const parts = Math.ceil(usage.length / size);
  return Array.from({ length: parts }, (_, part) => {
    const cells = usage.slice(part * size, (part + 1) * size).filter((nanos) => nanos !== undefined);
    const time = cellAt(period, part * size).begin;
    if (cells.length === 0) return [undefined];
    const [least, most] = [cells.reduce(smaller), cells.reduce(larger)];
    return (least === most ? [least] : [least, most]).map((nanos) => ({
      time,
      amount: Number(nanos) / NANO,
    }));
  }).flat();
}

/** The corners of a line of steps, up to the end of the period; a decision that is gone leaves a gap. */
export function stepPoints(line: StepLine, { to }: Period): Line {
  return line.flatMap(({ time, nanos }, index) => {
    const end = line[index + 1]?.time ?? to;
    if (nanos === undefined) return [undefined];
    const amount = Number(nanos) / NANO;
    return [
      { time, amount },
      { time: end, amount },
    ];
  });
}

/** The path of a line in SVG, to a tenth of a pixel. */
export function linePath(line: Line, x: (time: number) => number, y: (amount: number) => number): string {
  let isDrawing = false;
  const parts: string[] = [];
  for (const point of line) {
    const place = point && `${x(point.time).toFixed(1)} ${y(point.amount).toFixed(1)}`;
    // A point alone is a line of no length, which round ends make a dot.
    if (place !== undefined) parts.push(isDrawing ? `L${place}` : `M${place}h0`);
    isDrawing = place !== undefined;
  }
  return parts.join('');
}

function smaller(a: bigint, b: bigint): bigint {
  return b < a ? b : a;
}

function larger(a: bigint, b: bigint): bigint {
  return b > a ? b : a;
}
