import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Decision } from '../api/decision.ts';
import { SECRET_VALUE } from '../api/element.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';
import type { Outcome } from '../reconcile/reconcile.ts';
import { SetSeries } from './set-series.ts';
import { standingSeries, toTunedSeries } from './tuned-series.ts';

const SET = {
  metadata: { namespace: 'apps', name: 'podinfo' },
  spec: {
    tune: [
      { name: 'limit', from: 'x', roundUp: '16Mi' },
      { name: 'request', from: 'x', unit: 'cpu' },
      { name: 'replicas', from: 'x', unit: 'integer' },
    ],
  },
} as unknown as GeneratorSet;

function decision(fields: Partial<Decision>): Decision {
  return {
    ...{ element: 'a', name: 'limit', value: '16Mi', since: '2026-01-01T00:00:00Z', rule: 'Computed' },
    ...{ input: '1', ...fields },
  };
}

function outcome(fields: Partial<Outcome>): Outcome {
  return {
    ...{ plan: { changes: [], digest: '' }, delivered: false, elements: [], decisions: [] },
    ...fields,
  };
}

const PLAIN = { element: 'a', tune: 'limit', unit: 'bytes', value: 16 * 1024 * 1024 };
const HOLD = { rule: 'maxPrune', message: '' } as const;

describe('series of tuned values', () => {
  const cases: [string, Partial<Outcome>, object[]][] = [
    [
      'count in base units',
      {
        decisions: [
          decision({}),
          decision({ name: 'request', value: '250m' }),
          decision({ name: 'replicas', value: '3' }),
        ],
      },
      [
        PLAIN,
        { element: 'a', tune: 'request', unit: 'cores', value: 0.25 },
        { element: 'a', tune: 'replicas', unit: 'none', value: 3 },
      ],
    ],
    [
      'tell the bound that a value has met',
      { decisions: [decision({ rule: 'AtMaximum' }), decision({ element: 'b', rule: 'AtMinimum' })] },
      [
        { ...PLAIN, bound: 'max' },
        { ...PLAIN, element: 'b', bound: 'min' },
      ],
    ],
    [
      'tell what a held change would be',
      {
        decisions: [decision({})],
        plan: {
          ...{ changes: [], digest: '' },
          heldChanges: {
            ...{ digest: '', message: '' },
            changes: [{ element: 'a', name: 'limit', value: '16Mi', proposed: '32Mi' }],
          },
        },
      },
      [{ ...PLAIN, proposed: 32 * 1024 * 1024 }],
    ],
    [
      'tell what stands while a plan is held, and beside it what was decided',
      {
        plan: { changes: [], digest: '', held: HOLD },
        remembered: [decision({}), decision({ element: 'b' })],
        decisions: [decision({ value: '1Gi' }), decision({ element: 'b' }), decision({ element: 'new' })],
      },
      [
        { ...PLAIN, proposed: 1024 ** 3 },
        { ...PLAIN, element: 'b' },
      ],
    ],
    [
      'have nothing of a Secret, neither now nor when it was decided',
      {
        decisions: [
          decision({}),
          decision({ element: 'b', input: SECRET_VALUE }),
          decision({ element: 'c' }),
        ],
        secretElements: new Set(['a']),
      },
      [{ ...PLAIN, element: 'c' }],
    ],
    ['have nothing that the set does not tune', { decisions: [decision({ name: 'gone' })] }, []],
  ];
  for (const [what, fields, expected] of cases) {
    it(what, () => assert.deepEqual(toTunedSeries(SET, outcome(fields)), expected));
  }

  it('tell long keys apart that begin alike', () => {
    const keys = ['x', 'y'].map((end) => `${'k'.repeat(200)}${end}`);
    const series = standingSeries(
      SET,
      keys.map((element) => decision({ element })),
    );
    assert.equal(new Set(series.map(({ element }) => element)).size, 2);
    for (const { element } of series) assert.match(element, /^k{119}~[0-9a-f]{8}$/);
  });

  it('are lines that Prometheus can read, one for each element, whatever its key is', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({
        unit: fc.constantFrom('"', '\\', '\n', '\r', '{', '}', ',', '=', '\ud800', '\udc00', 'a'),
      }),
    );
    const label = String.raw`[a-z_]+="(?:[^"\\\n]|\\["\\n])*"`;
    const line = new RegExp(String.raw`^generatorset_tuned_value\{${label}(?:,${label})*\} 16777216$`);
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 20 }), (keys) => {
        const series = new SetSeries();
        series.describe(SET.metadata, { ready: '', reason: '', suspended: false, revision: '' });
        const decisions = keys.map((element) => decision({ element }));
        series.setTuned(SET.metadata, standingSeries(SET, decisions));
        const text = [...series.parts()].join('');
        const lines = text
          .split('\n')
          .filter((it) => it !== '' && !/^(#|generatorset_resource_info)/.test(it));
        assert.deepEqual(
          lines.filter((it) => !line.test(it)),
          [],
        );
        assert.equal(new Set(lines).size, lines.length);
        assert.equal(lines.length, new Set(keys.map((it) => it.toWellFormed())).size);
      }),
      { numRuns: 50 },
    );
  });
});
