import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Resource } from '../../api/resource.ts';
import type { JsonObject } from '../../lib/json.ts';
import { stringifyYamlDocuments } from '../../lib/yaml.ts';
import { compareResources } from './compare-resources.ts';

function configMap(name: string, data: JsonObject = {}): Resource {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'apps' }, data };
}

const A = configMap('a', { size: 1, list: ['x'] });
const B = configMap('b');

describe('compareResources', () => {
  const equal: { title: string; expected: string; rendered: Resource[] }[] = [
    { title: 'nothing and nothing', expected: '# nothing\n', rendered: [] },
    { title: 'the same text', expected: stringifyYamlDocuments([A, B]), rendered: [A, B] },
    { title: 'another order of resources', expected: stringifyYamlDocuments([B, A]), rendered: [A, B] },
    {
      title: 'another order of keys, comments and style',
      expected:
        '# b\nkind: "ConfigMap"\nmetadata: {namespace: apps, name: b} # c\ndata: {}\napiVersion: v1\n',
      rendered: [B],
    },
  ];
  for (const { title, expected, rendered } of equal) {
    it(`finds no difference in ${title}`, () => {
      assert.deepEqual(compareResources(expected, rendered, 'expected.yaml'), { differing: 0, diff: '' });
    });
  }

  it('shows the lines that differ, with names on both sides', () => {
    const { differing, diff } = compareResources(
      stringifyYamlDocuments([A, B]),
      [configMap('a', { size: 2, list: ['x'] }), B],
      'expected.yaml',
    );
    assert.equal(differing, 1);
    assert.equal(
      diff,
      `--- expected/v1/ConfigMap/apps/a
+++ rendered/v1/ConfigMap/apps/a
@@ -1,9 +1,9 @@
 apiVersion: v1
 data:
   list:
   - x
-  size: 1
+  size: 2
 kind: ConfigMap
 metadata:
   name: a
   namespace: apps
`,
    );
  });

  it('tells a number from a text of its digits', () => {
    const expected = stringifyYamlDocuments([configMap('a', { n: '1' })]);
    assert.equal(compareResources(expected, [configMap('a', { n: 1 })], 'expected.yaml').differing, 1);
  });

  it('tells what is missing and what is too many', () => {
    const { differing, diff } = compareResources(stringifyYamlDocuments([A]), [B], 'expected.yaml');
    assert.equal(differing, 2);
    assert.match(diff, /^--- expected\/v1\/ConfigMap\/apps\/a\n\+\+\+ \/dev\/null$/m);
    assert.match(diff, /^--- \/dev\/null\n\+\+\+ rendered\/v1\/ConfigMap\/apps\/b$/m);
  });

  it('counts the same resource twice as one too many', () => {
    const { differing } = compareResources(stringifyYamlDocuments([A, A]), [A], 'expected.yaml');
    assert.equal(differing, 1);
  });

  it('compares documents that are no resources', () => {
    assert.equal(compareResources('- 1\n', [A], 'expected.yaml').differing, 2);
  });

  it('names the place where the file is no YAML', () => {
    assert.throws(() => compareResources('a: 1\nb: [\n', [], 'x/expected.yaml'), {
      message: /^x\/expected\.yaml:\d:\d+: /,
    });
  });

  it('finds no difference exactly where the values are equal', () => {
    const data = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.oneof(fc.integer(), fc.string()), {
      maxKeys: 3,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(data, data, (one, other) => {
        const { differing } = compareResources(
          stringifyYamlDocuments([configMap('a', one)]),
          [configMap('a', other)],
          'expected.yaml',
        );
        const sorted = (value: JsonObject) => JSON.stringify(Object.entries(value).sort());
        assert.equal(differing === 0, sorted(one) === sorted(other));
      }),
    );
  });
});
