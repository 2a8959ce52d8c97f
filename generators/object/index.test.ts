import assert from 'node:assert/strict';
import type { Origin } from '../../src/api/element.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { object } from './index.ts';
import type { ObjectSpec } from './schema.ts';

const TEAM = { apiVersion: 'platform.example/v1', kind: 'Team' };
const team = (name: string, spec: object, labels = {}) => ({
  ...TEAM,
  metadata: { name, namespace: 'apps', labels, managedFields: [{ manager: 'x' }] },
  spec,
});
const OBJECTS = [
  team('web', { members: [{ n: 1 }, { n: 9007199254740993n }], lead: { n: 3 } }, { tier: 'a' }),
  team('api', { members: [], lead: { n: 4 }, names: ['canary'] }, { tier: 'b' }),
  { ...team('far', {}), metadata: { name: 'far', namespace: 'other' } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps', labels: { tier: 'a' } } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'apps' }, data: { a: 'canary' } },
];

function run(spec: Partial<ObjectSpec>) {
  const { context } = makeContext({}, OBJECTS);
  const origins: Origin[] = [];
  const note = (_: object, origin: Origin) => origins.push(origin);
  const elements = object.generate({ ...TEAM, ...spec } as ObjectSpec, { ...context, note });
  return elements.then((found) => ({ found, origins }));
}

describe('object', () => {
  it('gives the whole object of a name, without managedFields, and leaves it as it is', async () => {
    const { found, origins } = await run({ name: 'web' });
    const metadata = { name: 'web', namespace: 'apps', labels: { tier: 'a' } };
    assert.deepEqual(found, [{ ...OBJECTS[0], metadata }]);
    assert.deepEqual(origins, [{ key: 'web' }]);
  });

  const lists: [what: string, spec: Partial<ObjectSpec>, names: string[]][] = [
    ['all of the namespace, sorted', { selector: {} }, ['api', 'web']],
    ['those of a label', { selector: { matchLabels: { tier: 'a' } } }, ['web']],
    ['none', { selector: { matchLabels: { tier: 'c' } } }, []],
    ['those of a kind without namespaces', { apiVersion: 'v1', kind: 'Namespace', selector: {} }, ['apps']],
  ];
  for (const [what, spec, names] of lists) {
    it(`gives ${what}, each known by its name`, async () => {
      const { origins } = await run(spec);
      assert.deepEqual(
        origins.map(({ key }) => key),
        names,
      );
    });
  }

  const paths: [what: string, spec: Partial<ObjectSpec>, elements: unknown[]][] = [
    ['an object', { name: 'web', jsonPath: '{.spec.lead}' }, [{ n: 3 }]],
    [
      'a list, item by item',
      { name: 'web', jsonPath: '{.spec.members}' },
      [{ n: 1 }, { n: 9007199254740993n }],
    ],
    [
      'the items themselves',
      { name: 'web', jsonPath: '{.spec.members[*]}' },
      [{ n: 1 }, { n: 9007199254740993n }],
    ],
    ['an empty list', { name: 'api', jsonPath: '{.spec.members}' }, []],
    ['one for each object', { selector: {}, jsonPath: '{.spec.lead}' }, [{ n: 4 }, { n: 3 }]],
  ];
  for (const [what, spec, elements] of paths) {
    it(`gives what a path finds: ${what}, without a key`, async () => {
      const { found, origins } = await run(spec);
      assert.deepEqual(found, elements);
      assert.ok(origins.every(({ key }) => key === undefined));
    });
  }

  it('marks what comes from a Secret', async () => {
    for (const jsonPath of [{}, { jsonPath: '{.data}' }]) {
      const { origins } = await run({ apiVersion: 'v1', kind: 'Secret', name: 's', ...jsonPath });
      assert.equal(origins[0]?.isSecret, true);
    }
  });

  const failures: [what: string, spec: Partial<ObjectSpec>, message: RegExp][] = [
    ['a missing object', { name: 'none' }, /^Team none does not exist \(in namespace apps/],
    ['an object of another namespace', { name: 'far' }, /^Team far does not exist/],
    [
      'a path that one object has not',
      { selector: {}, jsonPath: '{.spec.names}' },
      /^Team\/apps\/api: jsonPath/,
    ],
    ['a missing key', { name: 'web', jsonPath: '{.spec.none}' }, /^Team\/apps\/web: .*"none" is not found$/],
    ['texts', { name: 'api', jsonPath: '{.spec.names}' }, /finds a string; elements are objects/],
    ['numbers', { name: 'web', jsonPath: '{.spec.members[*].n}' }, /finds a number; elements are objects/],
  ];
  for (const [what, spec, message] of failures) {
    it(`fails on ${what}, and quotes nothing`, async () => {
      await assert.rejects(run(spec), (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
    });
  }

  it('checks no template', () => {
    const spec: ObjectSpec = { ...TEAM, selector: { matchLabels: { a: '{{ .x }}' } }, jsonPath: '{{ .y }}' };
    assert.deepEqual(
      object.check?.(spec, () => true),
      [],
    );
    assert.equal(object.check?.(spec)?.length, 2);
  });

  const queries: [Partial<ObjectSpec>, string][] = [
    [{ name: 'web' }, 'Team web'],
    [{ selector: {} }, 'Team objects'],
    [{ selector: { matchLabels: { a: 'b' } }, jsonPath: '{.spec}' }, 'Team objects by labels {.spec}'],
  ];
  for (const [spec, query] of queries) {
    it(`says that it asks for ${query}`, () =>
      assert.equal(object.query?.({ ...TEAM, ...spec } as ObjectSpec), query));
  }
});
