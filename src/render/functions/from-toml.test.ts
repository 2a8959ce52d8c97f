import assert from 'node:assert/strict';
import { renderCase } from '../../../test/harness/render-case.ts';

const TYPES = `int = 1
float = 1.0
big = 9223372036854775807
hex = 0xff
text = """
two
lines"""
flag = true
`;

describe('fromToml', () => {
  const known: [text: string, template: string, output: string][] = [
    [
      TYPES,
      '{{ range $k, $v := . }}{{ $k }} {{ kindOf $v }}, {{ end }}',
      'big int64, flag bool, float float64, hex int64, int int64, text string, ',
    ],
    [
      TYPES,
      '{{ .big }} {{ .hex }} {{ add .int 1 }} {{ .text | quote }}',
      '9223372036854775807 255 2 "two\\nlines"',
    ],
    [
      '[a.b]\nc = [1, "x"]\n[[l]]\nd = {e = 1}',
      '{{ toJson . }}',
      '{"a":{"b":{"c":[1,"x"]}},"l":[{"d":{"e":1}}]}',
    ],
    [
      'a = 2024-01-02T03:04:05Z\nb = 2024-01-02T03:04:05.120+02:00',
      '{{ toJson .a }} {{ .b.Year }} {{ .b.Unix }} {{ kindOf .a }}',
      '"2024-01-02T03:04:05Z" 2024 1704157445 struct',
    ],
    [
      'a = 2024-01-02T03:04:05\nb = 2024-01-02\nc = 03:04:05.5',
      '{{ .a }} {{ .b }} {{ .c }}',
      '2024-01-02T03:04:05 2024-01-02 03:04:05.5',
    ],
    ['__proto__ = 1\nconstructor = 2', '{{ toJson . }}', '{"__proto__":1,"constructor":2}'],
    ['', '{{ toJson . }}', '{}'],
    ['a = ', '{{ .Error }}', 'toml: line 1, column 5: invalid value'],
    [
      'a = 1\na = 2',
      '{{ .Error }}',
      'toml: line 2, column 1: trying to redefine an already defined table or value',
    ],
    ['a = 9223372036854775808', '{{ .Error }}', 'toml: an integer is out of range for int64'],
  ];
  for (const [text, template, output] of known) {
    it(`reads ${JSON.stringify(text.slice(0, 30))} as ${output}`, () => {
      assert.equal(renderCase(`{{ with fromToml .text }}${template}{{ else }}{}{{ end }}`, { text }), output);
    });
  }

  it('says nothing of the document when it cannot be read', () => {
    assert.doesNotMatch(renderCase('{{ fromToml .text }}', { text: 'password = secret' }), /secret/);
  });

  it('refuses a document that takes too long to read', () => {
    const text = 'a = 1\n'.repeat(20_000);
    assert.throws(
      () => renderCase('{{ fromToml .text }}', { text }),
      /text is larger than 65536 characters$/,
    );
    assert.match(renderCase('{{ fromToml .text }}', { text: `a = ${'['.repeat(60_000)}` }), /nested/);
  });
});
