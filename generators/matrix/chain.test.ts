import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { JSONSchema } from 'json-schema-to-ts';
import type { Element, Origin } from '../../src/api/element.ts';
import { StalledError } from '../../src/api/errors.ts';
import { composingContext, list } from '../../test/harness/composing-context.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import type { GenerateContext, Generator } from '../generator.ts';
import { createMatrix } from './index.ts';

type Entry = Record<string, unknown>;

interface EchoSpec {
  readonly url: string;
  readonly more?: unknown;
}

const schema = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  properties: {
    url: { type: 'string', minLength: 1 },
    mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
    more: {},
  },
} as const satisfies JSONSchema;

/** Gives one element that says with what it was run; `secret` and `bad` in its URL do what they say. */
function createEcho() {
  const seen = { specs: [] as EchoSpec[], now: 0, most: 0 };
  const echo: Generator<EchoSpec> = {
    name: 'echo',
    schema,
    async generate(spec, { signal }) {
      seen.specs.push(spec);
      seen.most = Math.max(seen.most, ++seen.now);
      await setImmediate();
      seen.now--;
      signal.throwIfAborted();
      if (spec.url === 'bad') throw new StalledError('BadUrl', `no ${spec.url}`);
      if (spec.url.startsWith('huge')) return [{ echo: 'x'.repeat(5 * 1024 * 1024) }];
      return spec.url === 'none' ? [] : [{ echo: spec.url }];
    },
    query: ({ url }) => `GET ${url}`,
    check: ({ url }) => (url === 'odd' ? [{ path: ['url'], message: 'is odd' }] : []),
  };
  return { echo, seen };
}

/** Gives elements whose origins its spec says. */
const known: Generator<{ elements: Element[]; origin: Origin }> = {
  name: 'known',
  schema: { type: 'object' },
  async generate({ elements, origin }, context) {
    return elements.map((element) => {
      const own = structuredClone(element);
      context.note(own, origin);
      return own;
    });
  },
};

function setUp(more: Partial<GenerateContext> = {}, set?: Parameters<typeof composingContext>[2]) {
  const { echo, seen } = createEcho();
  const children = [list, echo, known] as Generator<never>[];
  const context = composingContext({ ...makeContext().context, ...more }, children, set);
  const run = (generators: Entry[], singleElement = false) =>
    createMatrix(children).generate({ generators, singleElement }, context);
  return { run, seen, context };
}

const listOf = (...elements: Element[]): Entry => ({ list: { elements } });
const hosts = listOf({ host: 'a' }, { host: 'b' });
const chained = { echo: { url: '{{ .Element.host }}' } };

describe('a chained generator of a matrix', () => {
  const cases: readonly (readonly [title: string, generators: Entry[], elements: Element[]])[] = [
    [
      'is run for each element before it, and combined with that one',
      [hosts, chained],
      [
        { host: 'a', echo: 'a' },
        { host: 'b', echo: 'b' },
      ],
    ],
    [
      'sees the elements of generators below their names',
      [
        { name: 'c', ...hosts },
        { name: 'e', echo: { url: 'x-{{ .Element.c.host }}' } },
      ],
      [
        { c: { host: 'a' }, e: { echo: 'x-a' } },
        { c: { host: 'b' }, e: { echo: 'x-b' } },
      ],
    ],
    [
      'sees combinations of all before it, and is combined with what comes after it',
      [
        listOf({ a: '1' }, { a: '2' }),
        listOf({ b: '3' }),
        { echo: { url: '{{ .Element.a }}{{ .Element.b }}' } },
        listOf({ c: 4 }, { c: 5 }),
      ],
      [
        { a: '1', b: '3', echo: '13', c: 4 },
        { a: '1', b: '3', echo: '13', c: 5 },
        { a: '2', b: '3', echo: '23', c: 4 },
        { a: '2', b: '3', echo: '23', c: 5 },
      ],
    ],
    [
      'may follow another one',
      [hosts, chained, { name: 'next', echo: { url: '{{ .Element.echo }}{{ .Element.echo }}' } }],
      [
        { host: 'a', echo: 'a', next: { echo: 'aa' } },
        { host: 'b', echo: 'b', next: { echo: 'bb' } },
      ],
    ],
    [
      'may be a list of typed values and keys',
      [
        listOf({ n: 3, k: 'x' }),
        listOf({ twice: '{{ mul .Element.n 2 | typed }}', '{{ .Element.k }}': [1] }),
      ],
      [{ n: 3, k: 'x', twice: 6, x: [1] }],
    ],
    [
      'leaves out an element for which it gives nothing',
      [listOf({ host: 'none' }, { host: 'b' }), chained],
      [{ host: 'b', echo: 'b' }],
    ],
    ['is not run where nothing is before it', [listOf(), chained], []],
    [
      'sees the set where it is the first',
      [{ echo: { url: '{{ .GeneratorSet.Name }}' } }],
      [{ echo: 'set' }],
    ],
    ['gives text with delimiters where it says so', [listOf({ a: '{{ "{{" }} x }}' })], [{ a: '{{ x }}' }]],
  ];
  for (const [title, generators, elements] of cases) {
    it(title, async () => assert.deepEqual(await setUp().run(generators), elements));
  }

  it('has one list of all runs with singleElement', async () => {
    const found = await setUp().run(
      [
        { name: 'hosts', ...hosts },
        { name: 'all', echo: { url: '{{ .Element.hosts.host }}' } },
      ],
      true,
    );
    assert.deepEqual(found, [{ hosts: [{ host: 'a' }, { host: 'b' }], all: [{ echo: 'a' }, { echo: 'b' }] }]);
  });

  it('is run once for elements that give the same spec', async () => {
    const { run, seen } = setUp();
    const found = await run([listOf({ host: 'a', n: 1 }, { host: 'a', n: 2 }, { host: 'b', n: 3 }), chained]);
    assert.deepEqual(
      found.map(({ echo }) => echo),
      ['a', 'a', 'b'],
    );
    assert.deepEqual(seen.specs, [
      { url: 'a', mode: 'a' },
      { url: 'b', mode: 'a' },
    ]);
  });

  it('is run for 1000 elements, eight at once', async () => {
    const { run, seen } = setUp();
    const elements = Array.from({ length: 1000 }, (_, n) => ({ host: `h${n}` }));
    assert.equal((await run([listOf(...elements), chained])).length, 1000);
    assert.deepEqual([seen.specs.length, seen.most], [1000, 8]);
  });

  it('is not run at all for more', async () => {
    const { run, seen } = setUp();
    const elements = Array.from({ length: 1001 }, (_, n) => ({ host: `h${n}` }));
    await assert.rejects(
      run([listOf(...elements), chained]),
      /generators\[1\]\.echo: at least 1001 different specs.* 1000 /,
    );
    assert.equal(seen.specs.length, 0);
  });

  it("is told from others by the set's own delimiters", async () => {
    const metadata = {
      name: 'set',
      namespace: 'apps',
      annotations: { 'generatorset.dev/delimiters': '<<,>>' },
    };
    const { run } = setUp({}, { metadata, spec: {} });
    const found = await run([
      hosts,
      listOf({ plain: '{{ .Element.host }}' }),
      { echo: { url: '<< .Element.host >>' } },
    ]);
    assert.deepEqual(
      found,
      ['a', 'b'].map((host) => ({ host, plain: '{{ .Element.host }}', echo: host })),
    );
  });

  it('reaches no prototype by what an element holds', async () => {
    const element = { k: '__proto__', host: '__proto__' };
    await assert.rejects(setUp().run([listOf(element), listOf({ '{{ .Element.k }}': 1 })]), /__proto__/);
    assert.deepEqual(await setUp().run([listOf(element), chained]), [{ ...element, echo: '__proto__' }]);
  });

  const failures: readonly (readonly [title: string, generators: Entry[], expected: object])[] = [
    [
      'stalls on what is no template',
      [hosts, { echo: { url: '{{ .Element.' } }],
      { reason: 'InvalidTemplate', message: /^generators\[1\]\.echo: url: / },
    ],
    [
      'names the element that has no such field',
      [listOf({ host: 'a' }, {}), { name: 'e', ...chained }],
      { name: 'Error', message: /^generators\[1\]\.echo "e": url: .*"host".* \(for element 1 before it\)$/ },
    ],
    [
      'says of the first generator that no element is before it',
      [chained],
      { message: /^generators\[0\]\.echo: url: .*"host".*for element 0/ },
    ],
    [
      'refuses a spec that the schema refuses, without showing it',
      [hosts, { echo: { url: 'x', mode: '{{ .Element.host }}canary' } }],
      {
        name: 'Error',
        message:
          'generators[1].echo: its templates give a wrong spec: mode: must be equal to one of the allowed values (for element 0 before it)',
      },
    ],
    [
      'refuses a spec that the generator refuses',
      [listOf({ host: 'odd' }), chained],
      {
        message: 'generators[1].echo: its templates give a wrong spec: url: is odd (for element 0 before it)',
      },
    ],
    [
      'does not stall where another element could help',
      [listOf({ host: 'a' }, { host: 'bad' }), chained],
      { name: 'Error', message: 'generators[1].echo: no bad (for element 1 before it)' },
    ],
  ];
  for (const [title, generators, expected] of failures) {
    it(title, () => assert.rejects(setUp().run(generators), expected));
  }

  it('is not begun again after one run has failed', async () => {
    const { run, seen } = setUp();
    const elements = ['bad', ...Array.from({ length: 100 }, (_, n) => `h${n}`)].map((host) => ({ host }));
    await assert.rejects(run([listOf(...elements), chained]), /no bad/);
    assert.equal(seen.specs.length, 8);
  });

  it('is not begun again once all runs together gave too much', async () => {
    const { run, seen } = setUp();
    const elements = Array.from({ length: 100 }, (_, n) => ({ host: `huge${n}` }));
    await assert.rejects(
      run([listOf(...elements), chained]),
      /^Error: generators\[1\]\.echo: elements of more than 64 MiB in memory.* \(for element 12 before it\)$/,
    );
    assert.ok(seen.specs.length <= 20, `${seen.specs.length} runs`);
  });

  it('is not begun after it was stopped', async () => {
    const controller = new AbortController();
    const { run, seen } = setUp({ signal: controller.signal });
    const elements = Array.from({ length: 100 }, (_, n) => ({ host: `h${n}` }));
    const running = run([listOf(...elements), chained]);
    running.catch(() => {});
    while (seen.specs.length === 0) await setImmediate();
    controller.abort(new Error('stopped'));
    await assert.rejects(running, /stopped/);
    assert.equal(seen.specs.length, 8);
    assert.equal(seen.now, 0);
  });

  it('is known by what was really asked', async () => {
    const { run, context } = setUp();
    const found = await run([{ known: { elements: [{ host: 'a' }], origin: { query: 'hosts' } } }, chained]);
    assert.deepEqual(found.map(context.originOf), [{ query: 'hosts; GET a' }]);
  });

  it('shows nothing of a Secret in what it asked and how it failed', async () => {
    const secret = (host: string) => ({ known: { elements: [{ host }], origin: { isSecret: true } } });
    const { run, context } = setUp();
    const found = await run([secret('canary'), chained]);
    assert.deepEqual(found.map(context.originOf), [{ query: 'GET {{ .Element.host }}', isSecret: true }]);
    for (const generators of [
      [secret('bad'), chained],
      [secret('x'), { echo: { url: '{{ fail .Element.host }}' } }],
    ]) {
      await assert.rejects(run(generators), (error: Error) => {
        assert.equal(
          error.message,
          'generators[1].echo: fails; what it says may hold values of a Secret (for element 0 before it)',
        );
        assert.equal((error.cause as Error).cause, undefined);
        return true;
      });
    }
  });
});
