import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../src/lib/json.ts';
import { ROWS, type Row } from './dashboard-rows.ts';
import { DATASOURCE, type Panel, toGrafana, toRow } from './grafana-panel.ts';

/** Columns of a dashboard. */
const COLUMNS = 24;

/** Grafana's version of the JSON model: that of Grafana 12, which older ones from 9 on read as far as they know it. */
const SCHEMA_VERSION = 41;

/** The dashboard of GeneratorSets in Grafana's JSON model. */
export function dashboard(): JsonObject {
  return {
    uid: 'generatorset',
    title: 'GeneratorSets',
    description: 'Sets, their tuned values, their generators, and the controller that works on them.',
    tags: ['generatorset', 'flux'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-24h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [] },
    links: [],
    templating: {
      list: [
        {
          name: 'datasource',
          label: 'Data source',
          type: 'datasource',
          query: 'prometheus',
          current: {},
          hide: 0,
          refresh: 1,
        },
        variable('namespace', 'Namespace', 'label_values(generatorset_resource_info, exported_namespace)'),
        variable(
          'set',
          'GeneratorSet',
          'label_values(generatorset_resource_info{exported_namespace=~"$namespace"}, name)',
        ),
      ],
    },
    panels: placePanels(ROWS),
  };
}

/** A choice of values of a label; all of them at first. */
function variable(name: string, label: string, query: string): JsonObject {
  return {
    ...{ name, label, type: 'query', datasource: DATASOURCE, definition: query },
    query: { query, refId: `variable-${name}` },
    ...{ multi: true, includeAll: true, allValue: '.*', current: {}, hide: 0, refresh: 2, sort: 1 },
  };
}

/** Panels beside each other as long as there is room, then below. */
function placePanels(rows: readonly Row[]): JsonObject[] {
  const placed: JsonObject[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push(toRow(title, { id: placed.length + 1, y }));
    y++;
    for (const line of toLines(panels)) {
      let x = 0;
      for (const panel of line) {
        placed.push(toGrafana(panel, { id: placed.length + 1, x, y }));
        x += panel.width;
      }
      y += Math.max(...line.map(({ height }) => height));
    }
  }
  return placed;
}

function toLines(panels: readonly Panel[]): Panel[][] {
  const lines: Panel[][] = [];
  let width = COLUMNS;
  for (const panel of panels) {
    if (width + panel.width > COLUMNS) {
      lines.push([]);
      width = 0;
    }
    lines.at(-1)?.push(panel);
    width += panel.width;
  }
  return lines;
}

if (import.meta.main) {
  const file = join(import.meta.dirname, 'dashboards', 'generatorset.json');
  await writeFile(file, `${JSON.stringify(dashboard(), null, 2)}\n`);
}
