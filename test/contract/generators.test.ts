import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Generator } from '../../generators/generator.ts';
import { generators } from '../../generators/index.ts';
import { generatorChecks } from '../../src/api/check-generators.ts';
import type { GeneratorSet } from '../../src/api/generatorset-schema.ts';
import type { Source } from '../../src/api/source.ts';
import { createSetValidator } from '../../src/api/validate-set.ts';
import { canonicalJson, isObject, type JsonObject, type JsonValue } from '../../src/lib/json.ts';
import { parseYaml } from '../../src/lib/yaml.ts';
import { generatorCases } from '../harness/generator-cases.ts';
import { generatorFolder } from '../harness/generator-rights.ts';
import type { Fixture } from './fixtures/fixture.ts';
import { fixtures } from './fixtures/index.ts';
import { CANARY, startWorld, type World } from './world.ts';

const nowhere = { file: 'set.yaml', line: 1, column: 1 };
const SOURCE: Source = {
  file: 'set.yaml',
  locate: () => nowhere,
  locateKey: () => nowhere,
  line: () => undefined,
};
const validate = createSetValidator(
  Object.fromEntries(generators.map(({ name, schema }) => [name, schema])),
  {
    checks: generatorChecks(generators),
  },
);

/** A whole set with this one entry, through the validation that users meet. */
function validateEntry(entry: JsonObject): GeneratorSet {
  const set = {
    apiVersion: 'generatorset.dev/v1alpha1',
    kind: 'GeneratorSet',
    metadata: { name: 'contract' },
    spec: { generators: [entry], templates: [{ content: { apiVersion: 'v1', kind: 'ConfigMap' } }] },
  };
  return validate(set, SOURCE);
}

/** Everything in a JSON Schema that is a schema itself, with its path. */
function* walkSchema(schema: JsonObject, path: string): Iterable<[string, JsonObject]> {
  yield [path, schema];
  for (const [name, child] of Object.entries(schema['properties'] ?? {})) {
    yield* walkSchema(child as JsonObject, `${path}.${name}`);
  }
  if (isObject(schema['items'])) yield* walkSchema(schema['items'], `${path}[]`);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}

function isPlainJson(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.every(isPlainJson);
  if (isObject(value)) {
    return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlainJson);
  }
  return value === null || ['string', 'bigint', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

describe('every generator', () => {
  it('has a fixture here, and a name of its own', () => {
    const names = generators.map(({ name }) => name);
    assert.deepEqual(Object.keys(fixtures).sort(), [...names].sort());
    assert.equal(new Set(names).size, names.length);
  });

  for (const { name } of generators) {
    it(`has specs that are good, refused and failing here: ${name}`, () => {
      const { good, invalid, failing, hanging } = fixtures[name] as Fixture;
      assert.ok(good.length > 0 && invalid.length >= 3, `${good.length} good, ${invalid.length} refused`);
      // What reads nothing cannot fail and cannot hang.
      if (name === 'list') return;
      assert.ok(hanging);
      // No cluster at all is an answer.
      assert.ok(name === 'cluster' || Object.keys(failing).length >= 3, Object.keys(failing).join());
    });

    it(`has tests beside its code, and is run on a real API server: ${name}`, () => {
      const files = readdirSync(generatorFolder(name));
      assert.ok(files.includes('index.test.ts'), files.join());
      const cases = generatorCases[name] ?? [];
      assert.equal(cases.length > 0, name !== 'list', `${cases.length} cases`);
    });
  }
});

for (const generator of generators as unknown as readonly Generator[]) {
  describe(`the generator ${generator.name}`, () => {
    const fixture = fixtures[generator.name] as Fixture;
    const schema = generator.schema as unknown as JsonObject;
    let world: World;

    before(async () => {
      world = await startWorld();
    });
    after(() => world.close());

    const run = (spec: JsonObject, signal?: AbortSignal) => generator.generate(spec, world.context(signal));

    it('lives in the folder of its name, with a README whose example is valid', () => {
      assert.match(generator.name, /^[a-z][A-Za-z]*$/);
      const readme = readFileSync(`${generatorFolder(generator.name)}README.md`, 'utf8');
      assert.match(readme, new RegExp(`^# ${generator.name}\n`));
      const example = parseYaml(/```yaml\n(.*?)```/s.exec(readme)?.[1] ?? '') as { generators: JsonObject[] };
      for (const entry of example.generators) validateEntry(entry);
      assert.ok(example.generators.some((entry) => Object.hasOwn(entry, generator.name)));
    });

    it('has a schema that describes every field and closes every object', () => {
      assert.equal(schema['type'], 'object');
      for (const [path, { description, type, properties, additionalProperties }] of walkSchema(
        schema,
        generator.name,
      )) {
        if (!path.endsWith('[]'))
          assert.ok(String(description ?? '').length > 10, `${path} has no description`);
        if (type !== 'object') continue;
        // Free-form objects and maps say so; all others are closed.
        const isMap = properties === undefined && isObject(additionalProperties);
        assert.ok(
          isMap || additionalProperties === (properties === undefined),
          `${path}: additionalProperties`,
        );
      }
    });

    it('has good specs that are valid, and no field beyond its schema', () => {
      for (const good of fixture.good) {
        const spec = good(world);
        validateEntry({ [generator.name]: spec });
        assert.throws(
          () => validateEntry({ [generator.name]: { ...spec, canary: 1 } }),
          /unknown field "canary"/,
        );
      }
    });

    for (const [what, spec, message] of fixture.invalid) {
      it(`refuses ${what}`, () =>
        assert.throws(() => validateEntry({ [generator.name]: spec }), { message }));
    }

    for (const spec of [null, [], 'text', 1]) {
      it(`refuses ${JSON.stringify(spec)} as its spec`, () => {
        assert.throws(() => validateEntry({ [generator.name]: spec }), {
          message: new RegExp(generator.name),
        });
      });
    }

    it('gives the same plain objects every time, and leaves its spec as it was', async () => {
      for (const good of fixture.good) {
        const spec = deepFreeze(good(world));
        const before = canonicalJson(spec);
        const [first, second] = [await run(spec), await run(spec)];
        assert.ok(first.every((element) => isObject(element) && isPlainJson(element)));
        assert.deepEqual(second, first);
        assert.equal(canonicalJson(spec), before);
      }
    });

    it("gives elements that are the caller's own", async () => {
      for (const good of fixture.good) {
        const spec = good(world);
        const elements = await run(spec);
        const before = canonicalJson([elements, spec]);
        for (const element of elements) element['changed'] = true;
        assert.equal(canonicalJson([await run(spec), spec]), before);
      }
    });

    it('asks nobody when it was stopped before', async () => {
      const asked = world.asked.length;
      const stopped = AbortSignal.abort(new Error('stopped'));
      for (const good of fixture.good)
        await assert.rejects(run(good(world), stopped), { message: 'stopped' });
      assert.equal(world.asked.length, asked);
    });

    const { hanging } = fixture;
    if (hanging) {
      it('ends when it is stopped while it waits', async () => {
        const controller = new AbortController();
        const before = world.asked.length;
        const running = run(hanging(world), controller.signal);
        running.catch(() => {});
        while (world.asked.length === before) await setImmediate();
        controller.abort(new Error('stopped'));
        const begun = performance.now();
        await assert.rejects(running, { message: /stopped/ });
        assert.ok(performance.now() - begun < 2000);
      });
    }

    for (const [what, failing] of Object.entries(fixture.failing)) {
      it(`fails on ${what}, and shows no secret`, async () => {
        const spec = failing(world);
        validateEntry({ [generator.name]: spec });
        await assert.rejects(run(spec), (error: Error) => {
          assert.ok(error instanceof Error && error.message.length > 10);
          assert.match(error.message, /^(?!Error)[^\n]+$/);
          assert.doesNotMatch(`${error.message}${inspect(error, { depth: 10 })}`, new RegExp(CANARY));
          return true;
        });
      });
    }

    it('says when it wants to run again, and what it asks without secrets', () => {
      for (const spec of [...fixture.good, ...Object.values(fixture.failing)].map((make) => make(world))) {
        const interval = generator.interval?.(spec);
        assert.ok(interval === undefined || interval > 0);
        // Generators that run others have their intervals.
        assert.equal(interval === undefined, !canonicalJson(spec).includes('"interval":'));
        assert.doesNotMatch(generator.query?.(spec) ?? '', new RegExp(CANARY));
      }
    });
  });
}
