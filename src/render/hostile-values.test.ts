import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostileStrings } from '../../test/conformance/content/yaml-inputs.ts';
import type { JsonValue } from '../lib/json.ts';
import { evaluateContent } from './evaluate-content.ts';

const texts = fc.oneof(
  { weight: 4, arbitrary: hostileStrings },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.array(hostileStrings, { maxLength: 40 }).map((parts) => parts.join(' ')) },
);

/** The one key that is refused everywhere. */
const keys = texts.filter((key) => key !== '__proto__');

const maps = fc.dictionary(keys, fc.oneof(texts, fc.array(texts, { maxLength: 3 })), {
  maxKeys: 4,
  noNullPrototype: true,
});

/** What one leaf gives, alone in its content. */
function renderLeaf(leaf: JsonValue, data: object, delimiters: [string, string]): JsonValue | undefined {
  const options = { name: 't', delimiters, missingKey: 'error' } as const;
  const [object] = evaluateContent({ before: 'x', leaf, z: [1] }, data as never, options);
  const { before, leaf: rendered, z, ...others } = object as Record<string, JsonValue>;
  assert.deepEqual([before, z, others], ['x', [1], {}]);
  return rendered;
}

describe('a hostile value', () => {
  it('stays itself alone, where YAML quotes the leaf', () => {
    fc.assert(
      fc.property(texts, keys, (v, k) => {
        const rendered = renderLeaf(['{{ .v }}', { '{{ .k }}': '{{ .v }}' }], { v, k }, ['{{', '}}']);
        assert.deepEqual(rendered, [v, { [k]: v }]);
      }),
      { numRuns: 300, examples: [['__proto__', 'constructor']] },
    );
  });

  for (const leaf of [{ '«.v»': 1 }, '«dict .v 1 | toYaml»', '«dict .v 1 | toJson»']) {
    it(`is refused as the key __proto__, in ${JSON.stringify(leaf)}`, () => {
      const delimiters: [string, string] = ['${{', '}}'];
      const render = () => renderLeaf(delimit(leaf, delimiters), { v: '__proto__' }, delimiters);
      assert.throws(render, /the key "__proto__" is refused/);
    });
  }

  const strings: { leaf: JsonValue; gives: (v: string) => JsonValue; why: string }[] = [
    { leaf: '# «.v»', gives: (v) => `# ${v}`, why: 'behind a hash' },
    { leaf: ['x«.v»y', '/«.v»/'], gives: (v) => [`x${v}y`, `/${v}/`], why: 'in list items' },
    { leaf: '- «.v»', gives: (v) => `- ${v}`, why: 'behind a dash' },
    { leaf: '\'«.v»\' "«.v»"', gives: (v) => `'${v}' "${v}"`, why: 'in quotes of the text' },
    { leaf: 'a: «.v»', gives: (v) => `a: ${v}`, why: 'behind a colon' },
    { leaf: 'a #«.v»', gives: (v) => `a #${v}`, why: 'in what looks like a comment' },
    { leaf: { 'x«.v»y': 1 }, gives: (v) => ({ [`x${v}y`]: 1 }), why: 'in a key' },
    { leaf: '#!/bin/sh\necho «.v»\nexit\n', gives: (v) => `#!/bin/sh\necho ${v}\nexit\n`, why: 'in a block' },
    { leaf: '  x\n«.v»\ny', gives: (v) => `  x\n${v}\ny`, why: 'in a block with an indentation' },
    { leaf: 'x-«.v»-y', gives: (v) => `x-${v}-y`, why: 'in plain text' },
    { leaf: 'x «.v» y', gives: (v) => `x ${v} y`, why: 'between words' },
  ];
  for (const { leaf, gives, why } of strings) {
    for (const delimiters of [
      ['{{', '}}'],
      ['<%', '%>'],
    ] as [string, string][]) {
      it(`stays itself ${why}, between ${delimiters.join(' and ')}`, () => {
        const written = delimit(leaf, delimiters);
        fc.assert(
          fc.property(texts, (v) => assert.deepEqual(renderLeaf(written, { v }, delimiters), gives(v))),
          { numRuns: 300 },
        );
      });
    }
  }

  const plain: { leaf: string; gives: (v: string) => JsonValue; why: string }[] = [
    { leaf: '«.v | quote»', gives: (v) => v, why: 'in quotes' },
    { leaf: '«if true»«.v | quote»«end»', gives: (v) => v, why: 'in quotes of a branch' },
    { leaf: '«.v | squote»', gives: (v) => v, why: 'in single quotes' },
    {
      leaf: '«if true»[«.v | quote», 1, «.v | squote»]«end»',
      gives: (v) => [v, 1, v],
      why: 'quoted in a list',
    },
    { leaf: '«if true»{"a":«quote .v», "b":1}«end»', gives: (v) => ({ a: v, b: 1 }), why: 'quoted in a map' },
    { leaf: '«if true»["«.v»", \'«.v»\']«end»', gives: (v) => [v, v], why: "in the author's quotes" },
    { leaf: '«.v | toJson»', gives: (v) => v, why: 'as JSON' },
    { leaf: '«.v | toYaml»', gives: (v) => v, why: 'as YAML' },
    { leaf: '«.v | typed»', gives: (v) => v, why: 'typed' },
  ];
  for (const { leaf, gives, why } of plain) {
    it(`stays itself ${why}, where YAML decides the type`, () => {
      fc.assert(
        fc.property(texts, (v) => {
          const delimiters: [string, string] = ['${{', '}}'];
          assert.deepEqual(renderLeaf(delimit(leaf, delimiters), { v }, delimiters), gives(v));
        }),
        { numRuns: 300 },
      );
    });
  }

  for (const leaf of ['«.m | toYaml»', '«.m | toJson»', '«.m | toYaml | nindent 8»', '«.m | typed»']) {
    it(`stays in its place in a map, as ${leaf}`, () => {
      fc.assert(
        fc.property(maps, (m) => {
          const delimiters: [string, string] = ['${{', '}}'];
          assert.deepEqual(renderLeaf(delimit(leaf, delimiters), { m }, delimiters), m);
        }),
        { numRuns: 300 },
      );
    });
  }
});

function delimit<T extends JsonValue>(value: T, [left, right]: [string, string]): T {
  const text = JSON.stringify(value).replaceAll('«', left).replaceAll('»', right);
  return JSON.parse(text) as T;
}
