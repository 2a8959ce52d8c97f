import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Series } from './answer.ts';
import { findElements, type QueryResult } from './elements.ts';
import type { Labels } from './labels.ts';
import type { PrometheusSpec } from './schema.ts';

const series = (metric: Labels, value?: number, time = 10): Series => ({
  metric,
  samples: [{ time, ...(value !== undefined && { value }) }],
});

/** The elements of two queries joined by pod. */
function join(memory: Series[], cpu: Series[], change: Partial<PrometheusSpec> = {}): unknown[] {
  const spec = {
    interval: '1h',
    url: 'http://p',
    queries: { memory: 'm', cpu: 'c' },
    joinOn: ['pod'],
    ...change,
  };
  const results: QueryResult[] = [
    { field: 'memory', series: memory },
    { field: 'cpu', series: cpu },
  ];
  return findElements(results, spec as PrometheusSpec).map(({ element }) => element);
}

describe('the series of several queries', () => {
  it('are joined by their labels', () => {
    const memory = [series({ pod: 'b', node: 'n' }, 2), series({ pod: 'a' }, 1, 12)];
    const cpu = [series({ pod: 'a', zone: 'z' }, 0.5, 11), series({ pod: 'b' }, 0.25)];
    assert.deepEqual(join(memory, cpu), [
      { metric: { pod: 'a' }, memory: 1, cpu: 0.5, timestamp: 11 },
      { metric: { pod: 'b' }, memory: 2, cpu: 0.25, timestamp: 10 },
    ]);
  });

  it('leave out what a query does not give', () => {
    assert.deepEqual(join([series({ pod: 'a' }, 1), series({ pod: 'b' })], [series({ pod: 'c' }, 3)]), [
      { metric: { pod: 'a' }, memory: 1, timestamp: 10 },
      { metric: { pod: 'b' }, timestamp: 10 },
      { metric: { pod: 'c' }, cpu: 3, timestamp: 10 },
    ]);
  });

  it('are one element without labels to join', () => {
    const { joinOn: _, ...none } = { joinOn: undefined };
    assert.deepEqual(join([series({ a: '1' }, 1)], [series({ b: '2' }, 2)], { joinOn: [], ...none }), [
      { metric: {}, memory: 1, cpu: 2, timestamp: 10 },
    ]);
  });

  it('join where a label is missing or empty', () => {
    assert.deepEqual(join([series({}, 1)], [series({ pod: '' }, 2)]), [
      { metric: {}, memory: 1, cpu: 2, timestamp: 10 },
    ]);
  });

  it('are lists with a range', () => {
    const memory: Series = {
      metric: { pod: 'a' },
      samples: [
        { time: 1, value: 5 },
        { time: 2, value: 6 },
      ],
    };
    assert.deepEqual(join([memory], [], { range: { last: '1m', step: '1s' } }), [
      { metric: { pod: 'a' }, memory: [5, 6], timestamp: 2 },
    ]);
  });

  it('are refused where two of one query have the labels', () => {
    const twins = [series({ pod: 'a', zone: '1' }, 1), series({ pod: 'a', zone: '2' }, 2)];
    assert.throws(() => join([], twins), {
      message:
        'queries.cpu: two series have the labels {pod="a"}; aggregate them, for example with sum by (pod) (...), or add labels to joinOn',
    });
    assert.throws(() => join(twins, [], { joinOn: [] }), /queries\.memory: .*labels \{\}; .*sum\(\.\.\.\)/);
  });

  it('give the same elements in whatever order they come', () => {
    const pods = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 8 });
    fc.assert(
      fc.property(pods, pods, fc.func(fc.integer()), (one, other, rank) => {
        const shuffled = <Item>(list: Item[]) =>
          list.toSorted((a, b) => rank(JSON.stringify(a)) - rank(JSON.stringify(b)));
        const memory = one.map((pod, index) => series({ pod }, index));
        const cpu = other.map((pod, index) => series({ pod }, index));
        const expected = join(memory, cpu);
        assert.deepEqual(join(shuffled(memory), shuffled(cpu)), expected);
        assert.equal(expected.length, new Set([...one, ...other]).size);
      }),
    );
  });
});
