import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Element, Origin } from '../../src/api/element.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { composingContext, list } from '../../test/harness/composing-context.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import type { Generator } from '../generator.ts';
import { createMerge } from './index.ts';

type Entry = Record<string, unknown>;

/** Gives elements with the origin that its spec says. */
const known: Generator<{ elements: Element[]; origin: Origin; interval?: number; query?: string }> = {
  name: 'known',
  schema: { type: 'object' },
  async generate({ elements, origin }, context) {
    const own = structuredClone(elements);
    for (const element of own) context.note(element, origin);
    return own;
  },
  interval: ({ interval }) => interval,
  query: ({ query }) => query,
  check: () => [{ path: ['origin'], message: 'is wrong' }],
};

const children = [list, known] as Generator<never>[];
const merge = createMerge(children);

function setUp() {
  const context = composingContext(makeContext().context, children);
  const run = (keys: string[], generators: Entry[]) => merge.generate({ keys, generators }, context);
  return { run, context };
}

const listOf = (...elements: Element[]): Entry => ({ list: { elements } });
const named = (name: string, ...elements: Element[]): Entry => ({ name, ...listOf(...elements) });

describe('merge', () => {
  const cases: readonly (readonly [
    title: string,
    keys: string[],
    generators: Entry[],
    elements: Element[],
  ])[] = [
    [
      'gives the elements of its only generator',
      ['name'],
      [listOf({ name: 'a' }, { name: 'b' })],
      [{ name: 'a' }, { name: 'b' }],
    ],
    [
      'adds the fields of later generators, in the order of the first',
      ['name'],
      [
        listOf({ name: 'a', size: 1 }, { name: 'b', size: 2 }),
        listOf({ name: 'b', cpu: 3 }, { name: 'a', cpu: 4 }),
        listOf({ name: 'a', size: 5 }),
      ],
      [
        { name: 'a', size: 5, cpu: 4 },
        { name: 'b', size: 2, cpu: 3 },
      ],
    ],
    [
      'merges objects',
      ['name'],
      [listOf({ name: 'a', x: { y: 1, z: 1 } }), listOf({ name: 'a', x: { z: 0 } })],
      [{ name: 'a', x: { y: 1, z: 0 } }],
    ],
    [
      'leaves out what only a later one has',
      ['name'],
      [listOf({ name: 'a' }), listOf({ name: 'b' })],
      [{ name: 'a' }],
    ],
    ['keeps what a later one lacks', ['name'], [listOf({ name: 'a' }), listOf()], [{ name: 'a' }]],
    ['gives nothing where the first gives nothing', ['name'], [listOf(), listOf({ name: 'a' })], []],
    [
      'needs all keys to be equal',
      ['a', 'b'],
      [listOf({ a: 1, b: 1 }, { a: 1, b: 2 }), listOf({ a: 1, b: 2, c: 3 })],
      [
        { a: 1, b: 1 },
        { a: 1, b: 2, c: 3 },
      ],
    ],
    [
      'reads keys by paths',
      ['{.metric.pod}'],
      [listOf({ metric: { pod: 'a' }, value: 1 }), named('cpu', { metric: { pod: 'a' }, value: 2 })],
      [{ metric: { pod: 'a' }, value: 1, cpu: { metric: { pod: 'a' }, value: 2 } }],
    ],
    [
      'puts the first below its name too',
      ['name'],
      [named('base', { name: 'a' }), listOf({ name: 'a', b: 1 })],
      [{ base: { name: 'a' }, name: 'a', b: 1 }],
    ],
    [
      'takes no number for a text',
      ['id'],
      [listOf({ id: 1 }, { id: true }), listOf({ id: '1', x: 1 }, { id: 'true', x: 1 })],
      [{ id: 1 }, { id: true }],
    ],
    [
      'keeps numbers beyond 2^53 apart',
      ['id'],
      [listOf({ id: 9007199254740993n }), listOf({ id: 9007199254740992n, x: 1 })],
      [{ id: 9007199254740993n }],
    ],
    [
      'keeps keys apart that hold separators',
      ['a', 'b'],
      [listOf({ a: 'x/y', b: 'z' }), listOf({ a: 'x', b: 'y/z', c: 1 })],
      [{ a: 'x/y', b: 'z' }],
    ],
  ];
  for (const [title, keys, generators, elements] of cases) {
    it(title, async () => assert.deepEqual(await setUp().run(keys, generators), elements));
  }

  const failures: readonly (readonly [
    title: string,
    keys: string[],
    generators: Entry[],
    message: string,
  ])[] = [
    [
      'a key that an element lacks',
      ['name'],
      [listOf({ name: 'a' }), named('x', { name: 'a' }, { id: 'a' })],
      'generators[1].list "x": element 1 has no value for the key name',
    ],
    [
      'a path that finds nothing',
      ['{.a.b}'],
      [listOf({ a: {} })],
      'generators[0].list: element 0 has no value for the key {.a.b}',
    ],
    [
      'a path that finds more than one',
      ['{.a[*]}'],
      [listOf({ a: [1, 2] })],
      'generators[0].list: element 0 has 2 values for the key {.a[*]}',
    ],
    [
      'a key that is null',
      ['a'],
      [listOf({ a: null })],
      'generators[0].list: element 0 has no text, number or boolean for the key a',
    ],
    [
      'a key that is a list',
      ['a'],
      [listOf({ a: [] })],
      'generators[0].list: element 0 has no text, number or boolean for the key a',
    ],
    [
      'a key that is inherited',
      ['constructor'],
      [listOf({})],
      'generators[0].list: element 0 has no value for the key constructor',
    ],
    [
      'equal keys in the first',
      ['a'],
      [listOf({ a: 1 }, { a: 2 }, { a: 1, b: 1 })],
      'generators[0].list: element 2 has the same values for a as element 0',
    ],
    [
      'equal keys in a later one',
      ['a', 'b'],
      [listOf(), listOf({ a: 1, b: 1 }, { a: 1, b: 1 })],
      'generators[1].list: element 1 has the same values for a, b as element 0',
    ],
  ];
  for (const [title, keys, generators, message] of failures) {
    it(`refuses ${title}`, () => assert.rejects(setUp().run(keys, generators), { name: 'Error', message }));
  }

  it('gives the elements of the first, whatever the others give', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(ids, { minLength: 1, maxLength: 4 }), async (all) => {
        const found = await setUp().run(
          ['id'],
          all.map((list, index) => listOf(...list.map((id) => ({ id, [`f${index}`]: id })))),
        );
        const expected = (all[0] ?? []).map((id) =>
          Object.fromEntries([
            ['id', id],
            ...all.flatMap((list, index) => (list.includes(id) ? [[`f${index}`, id]] : [])),
          ]),
        );
        assert.deepEqual(found, expected);
      }),
    );
  });

  it('reaches no prototype by a field, a name or a key', async () => {
    const hostile = JSON.parse(
      '{"__proto__": "k", "constructor": {"prototype": {"polluted": 1}}}',
    ) as Element;
    const [element] = await setUp().run(
      ['__proto__'],
      [listOf(hostile), listOf(hostile), named('__proto__', hostile)],
    );
    assert.equal(Object.getPrototypeOf(element), Object.prototype);
    assert.ok(Object.hasOwn(element as Element, '__proto__'));
    assert.equal(({} as JsonObject)['polluted'], undefined);
  });

  it('knows of an element what is known of its parts; its key is its own', async () => {
    const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
    const { run, context } = setUp();
    const entry = (origin: Origin, ...elements: Element[]) => ({ known: { elements, origin } });
    const first = await run(
      ['a'],
      [
        entry({ evaluated: late, query: 'one' }, { a: 'x' }, { a: 'y' }),
        entry({ key: 'other', evaluated: early, query: 'two', isSecret: true }, { a: 'x' }),
      ],
    );
    assert.deepEqual(first.map(context.originOf), [
      { key: 'x', query: 'one; two', evaluated: early, isSecret: true },
      { key: 'y', query: 'one', evaluated: late },
    ]);
    const own = await run(['a', 'b'], [entry({ key: '{pod="x"}' }, { a: 1, b: 'z' })]);
    const made = await run(['a', 'b'], [listOf({ a: 1, b: 'z/z' })]);
    assert.deepEqual(
      [...own, ...made].map((it) => context.originOf(it).key),
      ['{pod="x"}', '1/z\\/z'],
    );
  });

  it('is due, asks and finds mistakes as its generators do', () => {
    const entry = (interval: number, query: string) => ({
      known: { elements: [], origin: {}, interval, query },
    });
    const spec = { keys: ['a'], generators: [listOf(), entry(20, 'b'), entry(10, 'a')] };
    assert.equal(merge.interval?.(spec), 10);
    assert.equal(merge.query?.(spec), 'b; a');
    assert.deepEqual(
      merge.check?.({ ...spec, keys: ['a', '{.b', 'a'] }).map(({ path }) => path.join('.')),
      ['generators.1.known.origin', 'generators.2.known.origin', 'keys.1', 'keys.2'],
    );
  });
});
