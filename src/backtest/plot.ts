import type { Backtest, Trace } from './backtest-result.ts';
import { formatTime } from './period.ts';
import { type Frame, plotPanel } from './plot-panel.ts';
import { svgText } from './svg-text.ts';

/** The most panels of one plot; nobody reads more. */
export const MAX_PANELS = 20;

const WIDTH = 960;
const HEADER = 40;
const PANEL = 250;

/**
 * Plots a backtest as SVG that needs no style sheet: a panel for each of the first 20 elements (and for each unit of
 * its values), with the usage, the tuned values as steps, and the fixed values dashed.
 */
export function plotBacktest({ namespace, name, period, traces }: Backtest): string {
  const groups = Map.groupBy(traces, ({ element, unit }) =>
    JSON.stringify([element, unit.replace('integer', 'number')]),
  );
  const panels = [...groups.values()].slice(0, MAX_PANELS);
  const height = HEADER + Math.max(1, panels.length) * PANEL;
  const title = `${namespace}/${name}, ${formatTime(period.from)} to ${formatTime(period.to)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="11" fill="#333333">`,
    `<title>${svgText(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="16" y="24" font-size="15" font-weight="bold">${svgText(title)}</text>`,
    ...panels.flatMap((panel, index) => plotPanel(panel as [Trace, ...Trace[]], period, frameAt(index))),
    ...(panels.length === 0 ? [`<text x="16" y="${HEADER + 30}">no decision was made</text>`] : []),
    '</svg>',
    '',
  ].join('\n');
}

/** Where a panel draws: title and legend stand above, times below. */
function frameAt(index: number): Frame {
  const top = HEADER + index * PANEL;
  return { left: 76, right: WIDTH - 20, top: top + 50, bottom: top + PANEL - 34, header: top + 16 };
}
