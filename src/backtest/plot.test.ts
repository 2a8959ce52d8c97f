import assert from 'node:assert/strict';
import { daysOf, MIB } from '../../test/harness/backtest.ts';
import type { Backtest, Trace } from './backtest-result.ts';
import { MAX_PANELS, plotBacktest } from './plot.ts';
import { stepPoint } from './step-line.ts';

const PERIOD = daysOf(1);
const NANO = 1_000_000_000n;

function trace(element: string, name = 'limit', more: Partial<Trace> = {}): Trace {
  return { element, name, unit: 'memory', decided: [stepPoint(PERIOD.from, '128Mi')], ...more };
}

function plot(...traces: Trace[]): string {
  const result: Partial<Backtest> = { namespace: 'apps', name: 'memory', period: PERIOD, traces };
  return plotBacktest(result as Backtest);
}

/** The tags of an SVG text, opened and closed; fails where they do not match. */
function checkTags(svg: string): void {
  const open: string[] = [];
  for (const [, isEnd, name = '', isEmpty] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (isEnd) assert.equal(open.pop(), name);
    else if (!isEmpty) open.push(name);
  }
  assert.deepEqual(open, []);
  assert.ok(!/[<>]/.test(svg.replace(/<\/?[a-z]+[^<>]*>/g, '')));
}

function countOf(svg: string, part: string): number {
  return svg.split(part).length - 1;
}

describe('plotBacktest', () => {
  it('draws usage, decided and fixed values of an element, with a legend', () => {
    const usage = Array.from({ length: 24 }, (_, hour) => BigInt((100 + hour) * MIB) * NANO);
    const svg = plot(
      trace('web', 'limit', { usage, fixed: 192n * BigInt(MIB) * NANO }),
      trace('web', 'request'),
    );
    checkTags(svg);
    for (const label of [
      '>web<',
      '>usage<',
      '>limit<',
      '>limit, fixed<',
      '>request<',
      '>128Mi<',
      '>02-28 12:00<',
    ])
      assert.ok(svg.includes(label), label);
    assert.equal(countOf(svg, 'stroke-linecap'), 4);
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="960" height="290"/);
  });

  it('draws a usage of several values once', () => {
    const usage = [1n, 2n];
    const svg = plot(trace('web', 'limit', { usage }), trace('web', 'request', { usage }));
    assert.equal(countOf(svg, '>usage<'), 1);
  });

  it('has a panel for each element and unit', () => {
    const cpu = trace('web', 'cores', { unit: 'cpu', decided: [stepPoint(PERIOD.from, '1500m')] });
    const svg = plot(trace('web'), trace('web', 'request'), cpu, trace('db'));
    assert.match(svg, /height="790"/);
    assert.match(svg, />1500m<|>2</);
  });

  it('has at most 20 panels', () => {
    const traces = Array.from({ length: 30 }, (_, index) => trace(`app-${index}`));
    assert.equal(countOf(plot(...traces), 'font-size="13"'), MAX_PANELS);
  });

  it('says that nothing was decided', () => assert.match(plot(), />no decision was made</));

  const hostile = [
    '</text><script>alert(1)</script>',
    '" onload="alert(1)',
    "' & <b>",
    '\u0000\u001b[2J\ufffe\uffff\ud800',
    'x'.repeat(10_000),
  ];
  for (const name of hostile) {
    it(`shows ${JSON.stringify(name).slice(0, 40)} as text`, () => {
      const svg = plot(trace(name, name));
      checkTags(svg);
      assert.ok(!svg.includes('<script') && !svg.includes(' onload="'));
      assert.ok(!/[\0-\x08\x0b-\x1f\ufffe\uffff]|[\ud800-\udfff]/.test(svg));
      assert.ok(svg.length < 10_000);
    });
  }
});
