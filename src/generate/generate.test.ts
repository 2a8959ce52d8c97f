import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Generator } from '../../generators/generator.ts';
import type { Element } from '../api/element.ts';
import { StalledError, WaitingError } from '../api/errors.ts';
import { silentLogger } from '../lib/logger.ts';
import { ElementMemory } from './element-memory.ts';
import { entryInterval, type GeneratorRun, generate } from './generate.ts';

const refuse = async (): Promise<never> => Promise.reject(new Error('not in this test'));
const readers = {
  objects: { get: refuse, list: refuse },
  http: { request: refuse },
  git: { open: refuse },
  artifacts: { open: refuse },
  log: silentLogger,
  isTemplate: () => false,
  render: () => assert.fail('no templates here'),
};

/** Counts its runs; gives what its spec says, or throws it. */
function counting() {
  const generator: Generator<{ give?: Element[]; fail?: Error; every?: number }> & Counts = {
    name: 'counting',
    runs: 0,
    now: 0,
    most: 0,
    schema: {},
    async generate({ give = [], fail }) {
      this.runs++;
      this.most = Math.max(this.most, ++this.now);
      await setImmediate();
      this.now--;
      if (fail) throw fail;
      return give;
    },
    interval: ({ every }) => every,
    query: () => 'SELECT 1',
  };
  return generator;
}

/** How often a generator was run, how often just now, and how often at once at most. */
interface Counts {
  runs: number;
  now: number;
  most: number;
}

/** Gives the elements of another entry twice: composes as matrix does. */
const twice: Generator<{ of: Record<string, unknown> }> = {
  name: 'twice',
  schema: {},
  children: ({ of }) => [of],
  async generate({ of }, context) {
    return (await Promise.all([context.generate(of), context.generate(of)])).flat();
  },
};

/** Asks another entry twice and gives one element of it: more is read than is given. */
const first: Generator<{ of: Record<string, unknown> }> = {
  name: 'first',
  schema: {},
  children: ({ of }) => [of],
  async generate({ of }, context) {
    const [found] = await Promise.all([context.generate(of), context.generate(of)]);
    return found.slice(0, 1);
  },
};

function setUp(options: { all?: boolean; signal?: AbortSignal } = {}) {
  const generator = counting();
  const clock = { now: 0 };
  const memory = new ElementMemory(() => clock.now);
  const signal = options.signal ?? new AbortController().signal;
  const run = (entries: Record<string, unknown>[], all = options.all ?? false) =>
    generate(entries, {
      generators: [generator, twice, first] as Generator[],
      context: { ...readers, namespace: 'default', signal },
      memory,
      all,
      now: () => new Date(clock.now),
    });
  return { generator, clock, run };
}

describe('generate', () => {
  it('gives the elements of all generators in the order of the spec, numbered through', async () => {
    const { run } = setUp();
    const elements = await run([
      { counting: { give: [{ n: 1 }, { n: 2 }] } },
      { counting: { give: [{ n: 3 }] } },
    ]);
    assert.deepEqual(
      elements.map(({ element, index, generator, query }) => [element['n'], index, generator, query]),
      [
        [1, 0, 0, 'SELECT 1'],
        [2, 1, 0, 'SELECT 1'],
        [3, 2, 1, 'SELECT 1'],
      ],
    );
  });

  it('lets a generator run another', async () => {
    const { run } = setUp();
    assert.equal((await run([{ twice: { of: { counting: { give: [{}] } } } }])).length, 2);
  });

  it('takes all elements of an entry for secret where one that it read was, and no others', async () => {
    const secret: Generator = {
      name: 'secret',
      schema: { type: 'object' },
      async generate(_, { note, generate: run }) {
        const [read = {}] = await run({ counting: { give: [{ n: 1 }] } });
        note(read, { isSecret: true });
        return [{ made: 'of it' }];
      },
    };
    const generators = [counting(), secret] as Generator[];
    const context = { ...readers, namespace: 'default', signal: new AbortController().signal };
    const entries = [{ secret: {} }, { counting: { give: [{}] } }];
    const memory = new ElementMemory(() => 0);
    for (const all of [true, false]) {
      const elements = await generate(entries, { generators, context, memory, all });
      assert.deepEqual(
        elements.map(({ isSecret }) => isSecret),
        [true, undefined],
      );
    }
  });

  it('fails when one fails, and names the entry', async () => {
    const { run } = setUp();
    await assert.rejects(run([{ counting: { give: [{}] } }, { counting: { fail: new Error('no route') } }]), {
      name: 'Error',
      message: 'spec.generators[1].counting: no route',
    });
  });

  it('says the name that an entry has', async () => {
    const { run } = setUp();
    await assert.rejects(run([{ name: 'memory', counting: { fail: new Error('no route') } }]), {
      message: 'spec.generators[0].counting "memory": no route',
    });
  });

  it('names every generator that fails', async () => {
    const { run } = setUp();
    const fail = new Error('no route');
    await assert.rejects(
      run([{ counting: { fail } }, { counting: { fail } }]),
      /generators\[0\].*\n.*generators\[1\]/,
    );
  });

  it('stays stalled when the generator is', async () => {
    const { run } = setUp();
    await assert.rejects(run([{ counting: { fail: new StalledError('BadSpec', 'never') } }]), {
      reason: 'BadSpec',
    });
  });

  it('stays waiting when the generator is', async () => {
    const { run } = setUp();
    const fail = new WaitingError('NotYet', 5000, 'no artifact yet');
    await assert.rejects(run([{ counting: { fail } }]), { reason: 'NotYet', retryAfter: 5000 });
  });

  it('refuses more elements than a set may have, instead of cutting them off', async () => {
    const { run } = setUp();
    const give = Array.from({ length: 10_001 }, () => ({}));
    await assert.rejects(run([{ counting: { give } }]), /10001 elements, more than the 10000/);
  });

  it('copies nothing of a list that is too long', async () => {
    const { run } = setUp();
    const give = Array.from({ length: 1_000_000 }, () => ({ a: {} }));
    const begun = performance.now();
    await assert.rejects(run([{ counting: { give } }]), /1000000 elements, more than the 10000/);
    assert.ok(performance.now() - begun < 500);
  });

  it('refuses elements that are small one by one and too large together, and keeps none of them', async () => {
    const { run, generator } = setUp();
    const give = [{ text: 'x'.repeat(30 * 1024 * 1024) }];
    const entries = [1, 2, 3].map((n) => ({ counting: { give, n } }));
    const refusal = /^Error: spec\.generators\[2\]\.counting: elements of more than 64 MiB in memory/;
    await assert.rejects(run(entries), refusal);
    await assert.rejects(run(entries), refusal);
    assert.equal(generator.runs, 6);
  });

  it('counts what is remembered too', async () => {
    const { run } = setUp();
    const part = (n: number) => ({ counting: { give: [{ text: 'x'.repeat(30 * 1024 * 1024) }], n } });
    await run([part(1), part(2)]);
    await assert.rejects(run([part(1), part(2), part(3)]), /elements of more than 64 MiB/);
  });

  it('lets go of what generators gave that are no more', async () => {
    const { run, generator } = setUp();
    await run([{ counting: { n: 1 } }, { counting: { n: 2 } }]);
    await run([{ counting: { n: 1 } }]);
    await run([{ counting: { n: 1 } }, { counting: { n: 2 } }]);
    assert.equal(generator.runs, 3);
  });

  it('asks eight generators at a time', async () => {
    const { run, generator } = setUp();
    const found = await run(Array.from({ length: 30 }, (_, n) => ({ counting: { give: [{ n }] } })));
    assert.deepEqual(
      found.map(({ element }) => element['n']),
      Array.from({ length: 30 }, (_, n) => n),
    );
    assert.equal(generator.most, 8);
  });

  it('asks eight at a time of those that others run, and never waits for itself', async () => {
    const { run, generator } = setUp();
    const nested = (n: number) => ({ twice: { of: { twice: { of: { counting: { give: [{ n }] } } } } } });
    const found = await run(Array.from({ length: 10 }, (_, n) => nested(n)));
    assert.equal(found.length, 40);
    assert.equal(generator.most, 8);
  });

  it('refuses what others are made of when it is too large together', async () => {
    const { run } = setUp();
    const give = [{ text: 'x'.repeat(40 * 1024 * 1024) }];
    await assert.rejects(
      run([{ first: { of: { counting: { give } } } }]),
      /^Error: spec\.generators\[0\]\.first: elements of more than 64 MiB in memory/,
    );
  });

  it('asks nobody once it is aborted', async () => {
    const { run, generator } = setUp({ signal: AbortSignal.abort(new Error('stop')) });
    await assert.rejects(run([{ counting: {} }]), /stop/);
    assert.equal(generator.runs, 0);
  });

  const entry = { counting: { every: 1000, give: [{}] } };
  const memories: [string, number, boolean, Record<string, unknown>, number][] = [
    ['remembers elements that are younger than the interval', 949, false, entry, 1],
    ['asks again a little early, so that no pass comes just too soon', 950, false, entry, 2],
    ['asks again once they are as old as the interval', 1000, false, entry, 2],
    ['asks again when everything is asked', 0, true, entry, 2],
    ['asks again when the entry has changed', 0, false, { counting: { every: 1000, give: [{ n: 1 }] } }, 2],
  ];
  for (const [title, after, all, second, runs] of memories) {
    it(title, async () => {
      const { run, generator, clock } = setUp();
      await run([entry]);
      clock.now += after;
      await run([second], all);
      assert.equal(generator.runs, runs);
    });
  }

  it('remembers for ever where nothing but the spec changes elements', async () => {
    const { run, generator, clock } = setUp();
    await run([{ counting: {} }]);
    clock.now += 1e12;
    await run([{ counting: {} }]);
    assert.equal(generator.runs, 1);
  });

  it('remembers what a generator gave, whatever templates do to it', async () => {
    const { run } = setUp();
    const [first] = await run([{ counting: { give: [{ n: 1 }] } }]);
    Object.assign(first?.element ?? {}, { n: 2 });
    const [second] = await run([{ counting: { give: [{ n: 1 }] } }]);
    assert.deepEqual(second?.element, { n: 1 });
  });

  it('says when a generator was asked, also where its answer is remembered', async () => {
    const { run, clock } = setUp();
    const askedAt = async (all = false) => (await run([{ counting: { give: [{ n: 1 }] } }], all))[0]?.asked;
    const first = await askedAt();
    clock.now += 5000;
    assert.deepEqual(
      [first, await askedAt(), await askedAt(true)],
      ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:05.000Z'],
    );
  });

  it('tells what a generator knows of its elements, also when it is remembered', async () => {
    const noting: Generator = {
      name: 'noting',
      schema: {},
      async generate(_, { note }) {
        const element = { n: 1 };
        note(element, { key: 'one', query: 'up', evaluated: '2026-01-01T00:00:00Z' });
        return [element, { n: 2 }];
      },
      query: () => 'all',
    };
    const memory = new ElementMemory(() => 0);
    const signal = new AbortController().signal;
    const context = { ...readers, namespace: 'default', signal };
    for (let pass = 0; pass < 2; pass++) {
      const elements = await generate([{ noting: {} }], {
        ...{ generators: [noting], context, memory, all: false },
      });
      assert.deepEqual(
        elements.map(({ key, query, evaluated }) => [key, query, evaluated]),
        [
          ['one', 'up', '2026-01-01T00:00:00Z'],
          [undefined, 'all', undefined],
        ],
      );
    }
  });

  it('does not remember a failure', async () => {
    const { run, generator } = setUp();
    await assert.rejects(run([{ counting: { fail: new Error('down') } }]));
    await assert.rejects(run([{ counting: { fail: new Error('down') } }]));
    assert.equal(generator.runs, 2);
  });
});

describe('entryInterval', () => {
  const generators = [counting()] as Generator[];
  it("is the generator's own", () =>
    assert.equal(entryInterval({ counting: { every: 5 } }, { generators, interval: 9 }), 5));
  it("is the set's otherwise", () =>
    assert.equal(entryInterval({ counting: {} }, { generators, interval: 9 }), 9));

  it('tells of each generator that was asked, not of one that was remembered or aborted', async () => {
    const abort = new AbortController();
    const runs: GeneratorRun[] = [];
    const clock = { now: 0 };
    const slow: Generator<{ take: number; fail?: boolean }> = {
      name: 'slow',
      schema: {},
      async generate({ take, fail }, { signal }) {
        clock.now += take;
        await Promise.resolve();
        signal.throwIfAborted();
        if (fail) throw new Error('no answer');
        return [];
      },
    };
    const options = {
      generators: [slow] as Generator[],
      context: { ...readers, namespace: 'default', signal: abort.signal },
      memory: new ElementMemory(() => clock.now),
      all: false,
      onRun: (run: GeneratorRun) => void runs.push(run),
    };
    const entries = [{ slow: { take: 5 } }, { slow: { take: 7, fail: true } }];
    await assert.rejects(generate(entries, options), /no answer/);
    assert.deepEqual(runs, [
      { position: 0, isAnswered: true, duration: 12 },
      { position: 1, isAnswered: false, duration: 7 },
    ]);
    runs.length = 0;
    await generate(entries.slice(0, 1), options);
    assert.deepEqual(runs, []);
    const aborting = generate([{ slow: { take: 1 } }], options);
    abort.abort();
    await assert.rejects(aborting);
    assert.deepEqual(runs, []);
  });
});
