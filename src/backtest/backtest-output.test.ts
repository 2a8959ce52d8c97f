import assert from 'node:assert/strict';
import { daysOf, END, HOUR } from '../../test/harness/backtest.ts';
import { backtestCsv } from './backtest-csv.ts';
import { backtestJson } from './backtest-json.ts';
import type { Backtest } from './backtest-result.ts';
import { backtestTables } from './backtest-tables.ts';

const GIB_HOUR = 2n ** 30n * 1_000_000_000n * BigInt(HOUR);

const RESULT: Backtest = {
  namespace: 'apps',
  name: 'memory',
  period: daysOf(1),
  steps: 2,
  commits: [
    {
      time: END,
      changes: [
        {
          resource: 'ConfigMap/apps/web',
          action: 'configured',
          fields: [{ field: 'data.limit', before: '1Gi', after: '2Gi' }],
        },
        { resource: 'ConfigMap/apps/old', action: 'deleted', fields: [] },
      ],
      omitted: 3,
      decisions: [
        { element: 'web', name: 'limit', previous: '1Gi', value: '2Gi', rule: 'AtMaximum', input: '3e9' },
        { element: 'old', name: 'limit', previous: '1Gi' },
      ],
    },
  ],
  held: [{ time: END, message: 'would delete all' }],
  failed: [{ time: END - HOUR, message: 'first line\nsecond line' }],
  figures: [
    {
      element: 'web',
      name: 'limit',
      unit: 'memory',
      measured: 22 * HOUR,
      withoutData: HOUR,
      withoutDecision: HOUR,
      decided: { exceeded: HOUR / 2, overProvisioned: (5n * GIB_HOUR) / 2n },
      fixed: { exceeded: 0, overProvisioned: 40n * GIB_HOUR, value: '4Gi', source: 'target' },
    },
  ],
  missing: [{ element: 'old', name: 'limit', message: 'the usage gives no series', isFailure: true }],
  traces: [],
};

/** The result with an element that is called so. */
function withElement(element: string): Backtest {
  return { ...RESULT, commits: [], figures: RESULT.figures.map((figure) => ({ ...figure, element })) };
}

describe('backtestTables', () => {
  it('shows what it came to, commits, decisions, other steps and figures', () => {
    assert.deepEqual(
      backtestTables(RESULT).map(({ rows }) => rows),
      [
        [['apps/memory', '2026-02-28T00:00:00Z', '2026-03-01T00:00:00Z', '2', '1', '1', '1']],
        [
          ['2026-03-01T00:00:00Z', 'configured', 'ConfigMap/apps/web', 'data.limit', '1Gi', '2Gi'],
          ['2026-03-01T00:00:00Z', 'deleted', 'ConfigMap/apps/old'],
          ['2026-03-01T00:00:00Z', '', 'and 3 more'],
        ],
        [
          ['2026-03-01T00:00:00Z', 'web', 'limit', '1Gi', '2Gi', 'AtMaximum', '3e9'],
          ['2026-03-01T00:00:00Z', 'old', 'limit', '1Gi', '-', '-', '-'],
        ],
        [
          ['2026-02-28T23:00:00Z', 'failed', 'first line'],
          ['2026-03-01T00:00:00Z', 'held', 'would delete all'],
        ],
        [
          ['web', 'limit', 'decided', '22', '0.5', '2.5 GiB-hours', '1'],
          ['web', 'limit', 'fixed 4Gi (in the target now)', '22', '0', '40 GiB-hours', '1'],
        ],
      ],
    );
  });

  it('leaves tables without rows out', () => {
    const empty = { ...RESULT, commits: [], held: [], failed: [], figures: [] };
    assert.equal(backtestTables(empty).length, 1);
  });

  it('escapes what a terminal would obey', () => {
    const text = JSON.stringify(backtestTables(withElement('\u001b[2Jweb')));
    assert.ok(!text.includes('\\u001b'));
    assert.match(text, /u\{1b\}\[2Jweb/);
  });
});

describe('backtestJson', () => {
  it('has times, hours and amounts as programs read them', () => {
    const json = JSON.parse(JSON.stringify(backtestJson(RESULT))) as Record<string, unknown>;
    assert.deepEqual(
      [json['from'], json['stepSeconds'], json['resolutionSeconds'], json['steps']],
      ['2026-02-28T00:00:00Z', 86400, 3600, 2],
    );
    assert.deepEqual(json['figures'], [
      {
        element: 'web',
        name: 'limit',
        amountUnit: 'GiB-hours',
        hours: 22,
        hoursWithoutData: 1,
        hoursWithoutDecision: 1,
        decided: { hoursExceeded: 0.5, overProvisioned: 2.5 },
        fixed: { value: '4Gi', source: 'target', hoursExceeded: 0, overProvisioned: 40 },
      },
    ]);
    assert.deepEqual(json['missing'], [
      { element: 'old', name: 'limit', message: 'the usage gives no series', failure: true },
    ]);
    assert.equal(JSON.stringify(json['commits']).includes('"omittedChanges":3'), true);
    assert.deepEqual(json['held'], [{ time: '2026-03-01T00:00:00Z', message: 'would delete all' }]);
  });
});

describe('backtestCsv', () => {
  const lines = backtestCsv(RESULT).split('\r\n');
  const header = lines[0]?.split(',') ?? [];

  it('has a line for each record, all as wide as the header', () => {
    assert.equal(lines.at(-1), '');
    const records = lines.slice(1, -1).map((line) => line.split(','));
    assert.deepEqual(
      records.map(([record]) => record),
      ['change', 'change', 'decision', 'decision', 'held', 'failed', 'figure', 'figure', 'missing'],
    );
    const whole = records.filter(([record]) => record !== 'failed');
    assert.ok(whole.every((cells) => cells.length === header.length));
  });

  it('quotes line breaks', () => assert.match(backtestCsv(RESULT), /,"first line\nsecond line",/));

  it('has the figures of the decided and of the fixed value', () => {
    const figures = lines.filter((line) => line.startsWith('figure')).map((line) => line.split(','));
    const column = (name: string) => figures.map((cells) => cells[header.indexOf(name)]);
    assert.deepEqual(column('source'), ['decided', 'target']);
    assert.deepEqual(column('value'), ['', '4Gi']);
    assert.deepEqual(column('hoursExceeded'), ['0.5', '0']);
    assert.deepEqual(column('overProvisioned'), ['2.5', '40']);
  });

  const hostile: [string, string][] = [
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['=1+2', "'=1+2"],
    ['@cmd', "'@cmd"],
    ['+1', "'+1"],
    ['-1', '-1'],
    ['-1+2', "'-1+2"],
    ['=a,"b"', '"\'=a,""b"""'],
  ];
  for (const [element, expected] of hostile) {
    it(`writes ${element} as ${expected}`, () =>
      assert.ok(backtestCsv(withElement(element)).includes(`figure,,${expected},limit,`)));
  }
});
