import assert from 'node:assert/strict';
import type { Origin } from '../../src/api/element.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { config } from './index.ts';
import type { ConfigSpec } from './schema.ts';

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const CANARY = 'canary-e01b';

function setUp(kind: ConfigSpec['kind'], parts: object) {
  const object = { apiVersion: 'v1', kind, metadata: { name: 'a', namespace: 'apps' }, ...parts };
  const { context, refs } = makeContext({}, [object]);
  const origins: Origin[] = [];
  const run = (name = 'a') =>
    config.generate({ kind, name }, { ...context, note: (_, origin) => origins.push(origin) });
  return { run, refs, origins };
}

describe('config', () => {
  const cases: [what: string, kind: ConfigSpec['kind'], parts: object, element: object][] = [
    ['texts as they are', 'ConfigMap', { data: { n: '3', on: 'true' } }, { n: '3', on: 'true' }],
    ['keys that are no names', 'ConfigMap', { data: { 'a.yaml': 'x: 1\n' } }, { 'a.yaml': 'x: 1\n' }],
    ['binaryData that is text', 'ConfigMap', { binaryData: { b: base64('\ufeffä') } }, { b: '\ufeffä' }],
    ['decoded values of a Secret', 'Secret', { data: { token: base64('t\n') } }, { token: 't\n' }],
    ['nothing', 'ConfigMap', {}, {}],
  ];
  for (const [what, kind, parts, element] of cases) {
    it(`gives ${what} as one element`, async () => {
      const { run, refs } = setUp(kind, parts);
      assert.deepEqual(await run(), [element]);
      assert.deepEqual(refs, [{ apiVersion: 'v1', kind, namespace: 'apps', name: 'a' }]);
    });
  }

  it('sets a key that reaches prototypes as any other', async () => {
    const [element = {}] = await setUp('ConfigMap', { data: JSON.parse('{"__proto__": "x"}') }).run();
    assert.ok(Object.hasOwn(element, '__proto__'));
    assert.equal(Object.getPrototypeOf(element), Object.prototype);
  });

  it('marks what comes from a Secret, and nothing else', async () => {
    for (const [kind, origins] of [
      ['Secret', [{ isSecret: true }]],
      ['ConfigMap', []],
    ] as const) {
      const set = setUp(kind, {});
      await set.run();
      assert.deepEqual(set.origins, origins);
    }
  });

  const failures: [what: string, kind: ConfigSpec['kind'], parts: object, message: RegExp][] = [
    ['no base64', 'Secret', { data: { k: `${CANARY}!` } }, /^Secret apps\/a: data\.k is not base64$/],
    [
      'no text',
      'Secret',
      { data: { k: base64(Buffer.from([0xff])) } },
      /^Secret apps\/a: k is not UTF-8 text/,
    ],
    [
      'a value that is a number',
      'ConfigMap',
      { data: { k: 5 } },
      /^ConfigMap apps\/a: data\.k is not a text$/,
    ],
  ];
  for (const [what, kind, parts, message] of failures) {
    it(`fails on ${what}, and quotes nothing`, async () => {
      await assert.rejects(setUp(kind, parts).run(), (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
    });
  }

  it('fails on an object that is missing', () =>
    assert.rejects(setUp('ConfigMap', {}).run('b'), { message: 'ConfigMap apps/b does not exist' }));
});
