import type { JsonObject } from '../../src/lib/json.ts';

/** One query of a panel, and how its series are named. */
export interface Query {
  readonly expr: string;
  readonly legend?: string;
}

/** A panel before it has a place. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  readonly type: 'stat' | 'timeseries' | 'state-timeline' | 'table';
  readonly queries: readonly Query[];
  /** Grafana's name of the unit. */
  readonly unit?: string;
  /** Columns of the 24 that a dashboard has, and rows. */
  readonly width: number;
  readonly height: number;
  /** From this value on it is shown as bad. */
  readonly bad?: number;
  /** Whether values stand until the next, as decisions do. */
  readonly isStepped?: boolean;
  readonly max?: number;
}

/** Columns of a table that say nothing to people. */
const HIDDEN_COLUMNS = [
  'Time',
  'Value',
  '__name__',
  'container',
  'endpoint',
  'instance',
  'job',
  'namespace',
  'pod',
];

/** The data source that is chosen above the dashboard. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** A panel at its place, as Grafana's JSON model has it. */
export function toGrafana(
  panel: Panel,
  place: { readonly id: number; readonly x: number; readonly y: number },
): JsonObject {
  const isTable = panel.type === 'table';
  return {
    id: place.id,
    type: panel.type,
    title: panel.title,
    description: panel.description,
    datasource: DATASOURCE,
    gridPos: { h: panel.height, w: panel.width, x: place.x, y: place.y },
    targets: panel.queries.map(({ expr, legend = '__auto' }, index) => ({
      datasource: DATASOURCE,
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      editorMode: 'code',
      expr,
      legendFormat: legend,
      ...(isTable
        ? { format: 'table', instant: true, range: false }
        : { instant: panel.type === 'stat', range: panel.type !== 'stat' }),
    })),
    fieldConfig: { defaults: defaultsOf(panel), overrides: [] },
    options: OPTIONS[panel.type],
    ...(isTable && { transformations: [hideColumns()] }),
  };
}

/** A row: a title above the panels that follow. */
export function toRow(title: string, place: { readonly id: number; readonly y: number }): JsonObject {
  return {
    ...{ id: place.id, type: 'row', title, collapsed: false, panels: [] },
    gridPos: { h: 1, w: 24, x: 0, y: place.y },
  };
}

const LEGEND = { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['lastNotNull'] };

const OPTIONS: Readonly<Record<Panel['type'], JsonObject>> = {
  stat: {
    ...{ colorMode: 'value', graphMode: 'none', justifyMode: 'auto', orientation: 'auto', textMode: 'auto' },
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  },
  timeseries: { legend: LEGEND, tooltip: { mode: 'multi', sort: 'desc' } },
  'state-timeline': {
    ...{ mergeValues: true, showValue: 'never', alignValue: 'left', rowHeight: 0.9 },
    legend: { displayMode: 'list', placement: 'bottom', showLegend: false },
    tooltip: { mode: 'single', sort: 'none' },
  },
  table: { cellHeight: 'sm', showHeader: true, footer: { show: false, reducer: ['sum'], fields: '' } },
};

function defaultsOf({ type, unit = 'short', bad, isStepped = false, max }: Panel): JsonObject {
  const isGraph = type === 'timeseries';
  const custom = {
    ...{ drawStyle: 'line', lineWidth: 1, fillOpacity: 0, showPoints: 'never', spanNulls: isStepped },
    lineInterpolation: isStepped ? 'stepAfter' : 'linear',
  };
  return {
    unit,
    ...(type === 'state-timeline' ? { min: 0 } : {}),
    ...(max !== undefined && { max }),
    color: { mode: isGraph ? 'palette-classic' : 'thresholds' },
    thresholds: { mode: 'absolute', steps: thresholdsOf(type, bad) },
    mappings: type === 'state-timeline' ? [HEALTHY] : [],
    ...(isGraph && { custom }),
  };
}

/** Of a state 1 is good; of a count, what is bad begins at a value. */
function thresholdsOf(type: Panel['type'], bad: number | undefined): JsonObject[] {
  if (type === 'state-timeline')
    return [
      { color: 'red', value: null },
      { color: 'green', value: 1 },
    ];
  return [{ color: 'green', value: null }, ...(bad === undefined ? [] : [{ color: 'red', value: bad }])];
}

const HEALTHY = {
  type: 'value',
  options: {
    '0': { text: 'fails', color: 'red', index: 0 },
    '1': { text: 'answers', color: 'green', index: 1 },
  },
};

function hideColumns(): JsonObject {
  return {
    id: 'organize',
    options: {
      excludeByName: Object.fromEntries(HIDDEN_COLUMNS.map((name) => [name, true])),
      renameByName: { exported_namespace: 'namespace' },
    },
  };
}
