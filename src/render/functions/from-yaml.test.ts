import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderCase } from '../../../test/harness/render-case.ts';

const NOT_A_MAP = 'json: cannot unmarshal array into Go value of type map[string]interface {}';
const NOT_A_LIST = 'json: cannot unmarshal object into Go value of type []interface {}';

describe('fromYaml and its kin', () => {
  const known: [template: string, output: string][] = [
    ['{{ fromYaml "a: [1, x]" | toJson }}', '{"a":[1,"x"]}'],
    ['{{ fromYaml "a: 12345678901234567890" }}', 'map[a:12345678901234567890]'],
    ['{{ fromYaml "a: 1\\na: 2\\n---\\nb: [" | toJson }}', '{"a":2}'],
    ['{{ fromYaml "" | toJson }} {{ fromYamlArray "" | toJson }}', '{} []'],
    ['{{ fromYaml "a: b: c" | keys }}', '[Error]'],
    ['{{ (fromYaml "- a").Error }}', `error unmarshaling JSON: while decoding JSON: ${NOT_A_MAP}`],
    ['{{ index (fromYamlArray "a: 1") 0 }}', `error unmarshaling JSON: while decoding JSON: ${NOT_A_LIST}`],
    ['{{ fromYamlArray "[1, {a: b}]" | toJson }}', '[1,{"a":"b"}]'],
    ['{{ fromJsonArray "[1, {\\"a\\": 12345678901234567890}]" | toJson }}', '[1,{"a":12345678901234567890}]'],
    ['{{ index (fromJsonArray "{}") 0 }}', NOT_A_LIST],
    ['{{ index (fromJsonArray "[") 0 }}', 'not valid JSON'],
    ['{{ fromJson "[1]" }}', '[1]'],
  ];
  for (const [template, output] of known) {
    it(`gives ${output} for ${template}`, () => assert.ok(renderCase(template).startsWith(output)));
  }

  it('give an Error with the line, as Helm does, and fail as ApplicationSets do', () => {
    const template = '{{ fromYaml "a: 1\\nb: [" }}';
    assert.match(renderCase(template), /^map\[Error:error converting YAML to JSON: yaml: line 2: /);
    assert.throws(
      () => renderCase(template, {}, { funcs: 'applicationset' }),
      /error calling fromYaml: error converting YAML to JSON: yaml: line 2: /,
    );
    assert.throws(
      () => renderCase('{{ fromYamlArray "a: 1" }}', {}, { funcs: 'applicationset' }),
      /cannot unmarshal object into Go value of type \[\]interface/,
    );
  });

  it('read maps alone from JSON in the helm profile', () => {
    const helm = (template: string) => renderCase(template, {}, { funcs: 'helm', numbers: 'go' });
    assert.equal(helm('{{ (fromJson "[1]").Error }}'), NOT_A_MAP);
    assert.equal(helm('{{ (fromJson "{\\"a\\": 1000000}").a }}'), '1e+06');
    assert.equal(helm('{{ fromJson "null" | len }}'), '0');
  });

  it('refuse what takes too long to read, in every profile', () => {
    const bomb = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
    const text = `a0: &a0 [1,1,1]\n${bomb.join('\n')}`;
    assert.match(renderCase('{{ fromYaml .text }}', { text }), /more than 50000 values/);
    const long = { text: 'a: 1\n'.repeat(20_000) };
    for (const name of ['fromYaml', 'fromYamlArray']) {
      assert.throws(() => renderCase(`{{ ${name} .text }}`, long), /text is larger than 65536 characters$/);
    }
    assert.throws(
      () => renderCase('{{ fromJsonArray .text }}', { text: ' '.repeat(2 ** 20 + 1) }),
      /text is larger than 1048576 characters$/,
    );
  });

  it('read what toYaml and toYamlPretty write', () => {
    const value = fc.dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
    fc.assert(
      fc.property(value, (map) => {
        fc.pre(!JSON.stringify(map).includes('__proto__') && !JSON.stringify(map).includes('-0'));
        for (const write of ['toYaml', 'toYamlPretty']) {
          const data = { map: JSON.parse(JSON.stringify(map)) };
          const output = renderCase(`{{ .map | ${write} | fromYaml | toJson }}`, data);
          assert.deepEqual(JSON.parse(output), data.map);
        }
      }),
    );
  });
});

describe('toYamlPretty', () => {
  it('indents lists below their keys and folds no line', () => {
    const data = { b: [1, { c: 2, d: [[]] }], a: 'word '.repeat(30).trim() };
    const lines = [`a: ${data.a}`, 'b:', '  - 1', '  - c: 2', '    d:', '      - []'];
    assert.equal(renderCase('{{ toYamlPretty . }}', data), lines.join('\n'));
  });
});
