import type { Trace } from './backtest-result.ts';
import type { Period } from './period.ts';
import { amountTicks, type Tick, timeTicks } from './plot-axes.ts';
import { type Line, linePath, stepPoints, usagePoints } from './plot-lines.ts';
import { svgText } from './svg-text.ts';

/** The pixels of a panel's inner rectangle, and of the line of its title. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly header: number;
}

const USAGE_COLOR = '#4c78a8';
/** Told apart also by people who see no red or green. */
const COLORS = ['#d55e00', '#009e73', '#cc79a7', '#e69f00', '#7f3c8d', '#666666'];

/** What is drawn of one value, with its entry of the legend. */
interface Drawn {
  readonly label: string;
  readonly color: string;
  readonly line: Line;
  readonly dashed: boolean;
}

/** One panel: the values of one element that have one unit. */
export function plotPanel(traces: readonly [Trace, ...Trace[]], period: Period, frame: Frame): string[] {
  const drawn = drawnLines(traces, period, frame.right - frame.left);
  const amounts = drawn.flatMap(({ line }) => line.map((point) => point?.amount ?? 0));
  const rows = amountTicks(
    amounts.reduce((a, b) => Math.max(a, b), 0),
    traces[0].unit,
    5,
  );
  const most = (rows.at(-1) as Tick).at;
  const x = (time: number) =>
    frame.left + ((time - period.from) / (period.to - period.from)) * (frame.right - frame.left);
  const y = (amount: number) => frame.bottom - (Math.max(0, amount) / most) * (frame.bottom - frame.top);
  const title = traces[0].element === '' ? 'the element' : traces[0].element;
  return [
    `<text x="${frame.left}" y="${frame.header}" font-size="13" font-weight="bold">${svgText(title)}</text>`,
    ...legend(drawn, frame),
    ...rows.flatMap((tick) => rowLines(tick, y(tick.at), frame)),
    ...timeTicks(period.from, period.to, 8).flatMap((tick) => columnLines(tick, x(tick.at), frame)),
    ...drawn.map(
      ({ line, color, dashed }) =>
        `<path d="${linePath(line, x, y)}" fill="none" stroke="${color}" stroke-width="1.5" stroke-linecap="round"${dashed ? ' stroke-dasharray="6 4"' : ''}/>`,
    ),
  ];
}

/** Usage first, so that limits lie above it; the same usage of several values once. */
function drawnLines(traces: readonly Trace[], period: Period, width: number): Drawn[] {
  const usages = [...new Set(traces.flatMap(({ usage }) => (usage ? [usage] : [])))];
  const measured = usages.map((usage, index): Drawn => {
    const label = usages.length > 1 ? `usage ${index + 1}` : 'usage';
    return { label, color: USAGE_COLOR, line: usagePoints(usage, period, width), dashed: false };
  });
  const decided = traces.flatMap(({ name, decided, fixed }, index): Drawn[] => {
    const color = COLORS[index % COLORS.length] as string;
    const line = { label: name, color, line: stepPoints(decided, period), dashed: false };
    if (fixed === undefined) return [line];
    const level = stepPoints([{ time: period.from, value: '', nanos: fixed }], period);
    return [line, { label: `${name}, fixed`, color, line: level, dashed: true }];
  });
  return [...measured, ...decided];
}

/** Entries beside each other, each as wide as its text may be, as many as fit. */
function legend(drawn: readonly Drawn[], { left, right, header }: Frame): string[] {
  let x = left;
  return drawn.flatMap(({ label, color, dashed }) => {
    const at = x;
    x += 44 + [...label].length * 7;
    if (x > right) return [];
    const dash = dashed ? ' stroke-dasharray="6 4"' : '';
    return [
      `<path d="M${at} ${header + 16}h22" stroke="${color}" stroke-width="2"${dash}/>` +
        `<text x="${at + 27}" y="${header + 20}">${svgText(label)}</text>`,
    ];
  });
}

function rowLines({ label }: Tick, y: number, { left, right }: Frame): string[] {
  const at = y.toFixed(1);
  return [
    `<path d="M${left} ${at}H${right}" stroke="#dddddd"/>`,
    `<text x="${left - 6}" y="${(y + 4).toFixed(1)}" text-anchor="end">${svgText(label)}</text>`,
  ];
}

function columnLines({ label }: Tick, x: number, { top, bottom }: Frame): string[] {
  const at = x.toFixed(1);
  return [
    `<path d="M${at} ${top}V${bottom}" stroke="#eeeeee"/>`,
    `<text x="${at}" y="${bottom + 16}" text-anchor="middle">${svgText(label)}</text>`,
  ];
}
