import assert from 'node:assert/strict';
import { dashboard } from '../../config/monitoring/dashboard.ts';
import { checkPromql } from '../../src/lib/promql.ts';
import { queriesOf, readDashboard } from './monitoring-files.ts';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
}

interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: unknown;
      readonly datasource?: { readonly uid: string };
    }[];
  };
}

/** What stands in the file is checked here; how it looks, only Grafana itself can show. */
describe('the dashboard', () => {
  let json: Dashboard;
  let panels: readonly Panel[];
  before(async () => {
    json = (await readDashboard()) as unknown as Dashboard;
    panels = json.panels.filter(({ type }) => type !== 'row');
  });

  it('is what config/monitoring/dashboard.ts makes', () => {
    assert.deepEqual(json, dashboard());
  });

  it('has a place for each panel, within 24 columns and below its row', () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of json.panels) {
      assert.ok(gridPos.x >= 0 && gridPos.w > 0 && gridPos.h > 0 && gridPos.x + gridPos.w <= 24, title);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.equal(taken.get(`${x},${y}`), undefined, `${title} lies on ${taken.get(`${x},${y}`)}`);
          taken.set(`${x},${y}`, title);
        }
    }
    const rows = json.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    assert.deepEqual(rows, [
      'Overview',
      'Tuned values and what is held',
      'Generators',
      'Deliveries',
      'Controller',
    ]);
    assert.equal(json.panels[0]?.type, 'row');
  });

  it('names nothing twice', () => {
    for (const names of [
      json.panels.map(({ id }) => String(id)),
      panels.map(({ title }) => title),
      json.templating.list.map(({ name }) => name),
      ...panels.map(({ targets = [] }) => targets.map(({ refId }) => refId)),
    ])
      assert.equal(new Set(names).size, names.length, names.join());
  });

  it('says of each panel what it shows, in which unit, of the data source that was chosen', () => {
    const types = new Set(['stat', 'timeseries', 'state-timeline', 'table']);
    for (const { title, type, description = '', datasource, targets = [], fieldConfig } of panels) {
      assert.ok(types.has(type), title);
      assert.ok(description.length > 5, title);
      assert.ok(fieldConfig?.defaults.unit, title);
      assert.ok(targets.length > 0, title);
      for (const { uid } of [datasource, ...targets.map((target) => target.datasource)].filter(
        (it) => it !== undefined,
      ))
        assert.equal(uid, '${datasource}', title);
    }
    const [source, ...others] = json.templating.list;
    assert.deepEqual([source?.name, source?.type, source?.query], ['datasource', 'datasource', 'prometheus']);
    assert.deepEqual(
      others.map(({ name, datasource }) => [name, datasource?.uid]),
      [
        ['namespace', '${datasource}'],
        ['set', '${datasource}'],
      ],
    );
  });

  it('asks in PromQL, and of sets only for those that are chosen', () => {
    for (const query of queriesOf(json as never)) assert.equal(checkPromql(query), undefined, query);
    const ofSets =
      /generatorset_(?!build|watch|events)\w+(?!\w|\{exported_namespace=~"\$namespace",name=~"\$set")/;
    for (const { title, targets = [] } of panels)
      for (const { expr } of targets) assert.doesNotMatch(expr, ofSets, title);
  });

  it('is of a version that Grafana has', () => {
    assert.ok(json.schemaVersion >= 39 && json.schemaVersion <= 42);
    assert.match(json.uid, /^[a-z]{1,40}$/);
  });
});
