import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { Element, Origin } from '../../src/api/element.ts';
import { StalledError, WaitingError } from '../../src/api/errors.ts';
import { canonicalJson, type JsonObject } from '../../src/lib/json.ts';
import { composingContext, list } from '../../test/harness/composing-context.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import type { Generator } from '../generator.ts';
import { createMatrix } from './index.ts';

type Entry = Record<string, unknown>;

/** What the generator `source` is told to do. */
interface SourceSpec {
  readonly give?: Element[];
  readonly origins?: Origin[];
  readonly fail?: string;
  readonly interval?: number;
  readonly query?: string;
}

/** Gives what its spec says, and remembers how often and how many at once. */
function createSource() {
  const seen = { specs: [] as SourceSpec[], now: 0, most: 0 };
  const errors: Record<string, () => Error> = {
    plain: () => new Error('no route'),
    stalled: () => new StalledError('BadSpec', 'never'),
    waiting: () => new WaitingError('NotYet', 5000, 'not yet'),
    lines: () => new Error('one\ntwo'),
  };
  const source: Generator<SourceSpec> = {
    name: 'source',
    schema: { type: 'object' },
    async generate(spec, context) {
      seen.specs.push(spec);
      seen.most = Math.max(seen.most, ++seen.now);
      await setImmediate();
      seen.now--;
      context.signal.throwIfAborted();
      const failed = spec.fail === undefined ? undefined : errors[spec.fail]?.();
      if (failed) throw failed;
      const elements = structuredClone(spec.give ?? []);
      for (const [index, origin] of (spec.origins ?? []).entries())
        context.note(elements[index] as Element, origin);
      return elements;
    },
    interval: ({ interval }) => interval,
    query: ({ query }) => query,
    check: ({ query }) => (query === 'wrong' ? [{ path: ['query'], message: 'is wrong' }] : []),
  };
  return { source, seen };
}

function setUp(signal = new AbortController().signal) {
  const { source, seen } = createSource();
  const children = [list, source] as Generator<never>[];
  const matrix = createMatrix(children);
  const context = composingContext({ ...makeContext().context, signal }, children);
  const run = (generators: Entry[], more: { singleElement?: boolean } = {}) =>
    matrix.generate({ generators, ...more }, context);
  return { matrix, context, seen, run };
}

const listOf = (...elements: Element[]): Entry => ({ list: { elements } });
const named = (name: string, ...elements: Element[]): Entry => ({ name, ...listOf(...elements) });

describe('matrix', () => {
  const clusters = [
    { ClusterName: 'staging-1', ClusterLabels: { env: 'staging' } },
    { ClusterName: 'staging-2', ClusterLabels: { env: 'staging' } },
  ];
  const cases: readonly (readonly [title: string, generators: Entry[], elements: Element[]])[] = [
    [
      'gives the elements of its only generator',
      [listOf({ key1: 'value1' }, { key2: 'value2' })],
      [{ key1: 'value1' }, { key2: 'value2' }],
    ],
    [
      'gives each combination',
      [
        listOf({ cluster: 'cluster', url: 'url' }),
        listOf({ environment: 'dev', instances: 2 }, { environment: 'production', instances: 10 }),
      ],
      [
        { cluster: 'cluster', url: 'url', environment: 'dev', instances: 2 },
        { cluster: 'cluster', url: 'url', environment: 'production', instances: 10 },
      ],
    ],
    [
      'puts elements below the names of their generators, the last varying fastest',
      [
        named('list1', { key1: 'value1' }, { key2: 'value2' }),
        named('list2', { key1: 'value3' }, { key2: 'value4' }),
      ],
      [
        { list1: { key1: 'value1' }, list2: { key1: 'value3' } },
        { list1: { key1: 'value1' }, list2: { key2: 'value4' } },
        { list1: { key2: 'value2' }, list2: { key1: 'value3' } },
        { list1: { key2: 'value2' }, list2: { key2: 'value4' } },
      ],
    ],
    [
      'combines more than two, with names and without',
      [
        named('g1', { latestImage: 'testing:v2.1' }),
        named('g2', { latestImage: 'image:v2.1' }),
        listOf({ appName: 'test1' }, { appName: 'test2' }, { appName: 'test3' }),
      ],
      ['test1', 'test2', 'test3'].map((appName) => ({
        appName,
        g1: { latestImage: 'testing:v2.1' },
        g2: { latestImage: 'image:v2.1' },
      })),
    ],
    ['gives nothing where one gives nothing', [listOf({ cluster: 'a' }), listOf()], []],
    ['gives nothing where all give nothing', [listOf(), listOf()], []],
    [
      'merges what two have, the later one winning',
      [listOf({ a: { b: 1, c: 1 }, d: 1 }), listOf({ a: { c: '' }, d: 0 })],
      [{ a: { b: 1, c: '' }, d: 0 }],
    ],
    [
      'merges below a name that is there twice',
      [named('a', { x: 1 }), named('a', { y: 2 })],
      [{ a: { x: 1, y: 2 } }],
    ],
    [
      'gives equal elements once',
      [listOf({ a: 1, b: 1 }, { b: 1, a: 1 }), listOf({ c: 1 }, { c: 1 })],
      [{ a: 1, b: 1, c: 1 }],
    ],
    [
      'keeps numbers beyond 2^53 apart',
      [listOf({ n: 9007199254740993n }, { n: 9007199254740992n })],
      [{ n: 9007199254740993n }, { n: 9007199254740992n }],
    ],
  ];
  for (const [title, generators, elements] of cases) {
    it(title, async () => assert.deepEqual(await setUp().run(generators), elements));
  }

  const lists: readonly (readonly [title: string, generators: Entry[], elements: Element[]])[] = [
    [
      'lists elements below names',
      [named('staging', ...clusters), named('production', { ClusterName: 'production-1' })],
      [{ staging: clusters, production: [{ ClusterName: 'production-1' }] }],
    ],
    [
      'lists those without a name below Matrix, equal ones too',
      [listOf({ name: 'test1' }, { name: 'test2' }), named('a', {}), listOf({ name: 'test2' })],
      [{ Matrix: [{ name: 'test1' }, { name: 'test2' }, { name: 'test2' }], a: [{}] }],
    ],
    ['has an empty list for one that gives nothing', [named('a', {}), named('b')], [{ a: [{}], b: [] }]],
    ['gives nothing where all give nothing', [named('a'), listOf()], []],
  ];
  for (const [title, generators, elements] of lists) {
    it(`with singleElement ${title}`, async () =>
      assert.deepEqual(await setUp().run(generators, { singleElement: true }), elements));
  }

  it('reaches no prototype by a name or a field', async () => {
    const hostile = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    );
    for (const singleElement of [false, true]) {
      const found = await setUp().run(
        [listOf(hostile), named('__proto__', hostile), named('constructor', hostile)],
        { singleElement },
      );
      assert.equal(found.length, 1);
      assert.equal(Object.getPrototypeOf(found[0]), Object.prototype);
      assert.ok(Object.hasOwn(found[0] as Element, '__proto__'));
      assert.equal(({} as JsonObject)['polluted'], undefined);
    }
  });

  it('gives the product of the counts of different elements, in the order of the spec', async () => {
    const element = fc.dictionary(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 2 }), {
      noNullPrototype: true,
    });
    const children = fc.array(fc.array(element, { maxLength: 4 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(children, async (all) => {
        const found = await setUp().run(all.map((elements, index) => named(`n${index}`, ...elements)));
        const different = all.map((elements) => new Map(elements.map((it) => [canonicalJson(it), it])));
        assert.equal(
          found.length,
          different.reduce((count, { size }) => count * size, 1),
        );
        let expected: Element[] = [{}];
        for (const [index, elements] of different.entries())
          expected = expected.flatMap((before) =>
            [...elements.values()].map((it) => ({ ...before, [`n${index}`]: it })),
          );
        assert.deepEqual(found, expected);
      }),
    );
  });

  it('never gives an element twice, and each holds the last of its parts', async () => {
    const element = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.boolean(), {
      noNullPrototype: true,
    });
    const children = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(children, async (all) => {
        const found = await setUp().run(all.map((elements) => listOf(...elements)));
        assert.equal(new Set(found.map(canonicalJson)).size, found.length);
        const last = all.at(-1) ?? [];
        for (const it of found)
          assert.ok(
            last.some((part) =>
              Object.entries(part).every(([key, value]) =>
                Object.entries(it).some(([k, v]) => k === key && v === value),
              ),
            ),
          );
      }),
    );
  });

  it('asks all generators once, at once', async () => {
    const { run, seen } = setUp();
    await run([{ source: { give: [{}] } }, { source: { give: [{}, {}] } }, { source: {} }]);
    assert.deepEqual([seen.specs.length, seen.most], [3, 3]);
  });

  const ten = Array.from({ length: 10 }, (_, n) => ({ n }));
  const tenTimes = (count: number) => Array.from({ length: count }, (_, index) => named(`n${index}`, ...ten));
  it('gives as many elements as a set may have', async () => {
    assert.equal((await setUp().run(tenTimes(4))).length, 10_000);
  });

  it('refuses more, without building them', async () => {
    const begun = performance.now();
    await assert.rejects(
      setUp().run([...tenTimes(4), listOf({}, {})]),
      /^Error: 20000 elements, more than the 10000/,
    );
    const many = Array.from({ length: 10_001 }, () => ({}));
    await assert.rejects(setUp().run([listOf(...many)], { singleElement: true }), /10001 elements/);
    assert.ok(performance.now() - begun < 10_000);
  });

  it('refuses elements that are too large together, without building them', async () => {
    const large = { text: 'x'.repeat(1_000_000) };
    await assert.rejects(
      setUp().run([named('a', large), ...tenTimes(2)]),
      /100 elements have 10\d+ characters/,
    );
  });

  const failures: readonly (readonly [title: string, entry: Entry, expected: object])[] = [
    [
      'a failure',
      { source: { fail: 'plain' } },
      { name: 'Error', message: 'generators[1].source: no route' },
    ],
    ['its name', { name: 'b', source: { fail: 'plain' } }, { message: 'generators[1].source "b": no route' }],
    [
      'that it stalls',
      { source: { fail: 'stalled' } },
      { reason: 'BadSpec', message: 'generators[1].source: never' },
    ],
    ['that it waits', { source: { fail: 'waiting' } }, { reason: 'NotYet', retryAfter: 5000 }],
    ['several lines as one', { source: { fail: 'lines' } }, { message: 'generators[1].source: one; two' }],
    [
      'a generator that is not there',
      { other: {} },
      { reason: 'UnknownGenerator', message: /generators\[1\]/ },
    ],
  ];
  for (const [title, entry, expected] of failures) {
    it(`tells of a generator ${title}`, () =>
      assert.rejects(setUp().run([listOf({}), entry, { source: { fail: 'lines' } }]), expected));
  }

  it('knows of an element what is known of its parts', async () => {
    const { run, context } = setUp();
    const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
    const found = await run([
      { source: { give: [{ a: 1 }], origins: [{ key: 'a', evaluated: late }], query: 'first' } },
      {
        source: {
          give: [{ b: 1 }, { b: 2 }],
          origins: [{ key: '1', evaluated: early, query: 'own' }, { isSecret: true }],
          query: 'second',
        },
      },
    ]);
    assert.deepEqual(
      found.map((element) => context.originOf(element)),
      [
        { key: 'a/1', query: 'first; own', evaluated: early },
        { query: 'first; second', evaluated: late, isSecret: true },
      ],
    );
  });

  it('knows no key of an element that lists others', async () => {
    const { run, context } = setUp();
    const origins = [{ key: 'a', isSecret: true }];
    const [element] = await run([{ source: { give: [{}], origins, query: 'q' } }], { singleElement: true });
    assert.deepEqual(context.originOf(element as Element), { query: 'q', isSecret: true });
  });

  it('is due when the first of its generators is, and asks what they ask', () => {
    const { matrix } = setUp();
    const generators = [
      listOf(),
      { source: { interval: 20, query: 'b' } },
      { source: { interval: 10, query: 'a' } },
      { source: { query: 'b' } },
    ];
    assert.equal(matrix.interval?.({ generators }), 10);
    assert.equal(matrix.query?.({ generators }), 'b; a');
    assert.equal(matrix.interval?.({ generators: [listOf()] }), undefined);
    assert.equal(matrix.query?.({ generators: [listOf()] }), undefined);
  });

  it('finds what its generators find wrong, but not of templates', () => {
    const { matrix } = setUp();
    const generators = [listOf(), { source: { query: 'wrong' } }];
    assert.deepEqual(matrix.check?.({ generators }), [
      { path: ['generators', 1, 'source', 'query'], message: 'is wrong' },
    ]);
    assert.deepEqual(
      matrix.check?.({ generators }, (value) => value === 'wrong'),
      [],
    );
  });
});
