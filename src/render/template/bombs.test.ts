import assert from 'node:assert/strict';
import { compileTemplate, TemplateError, type TemplateOptions } from './compile-template.ts';

/** Each is refused within this, also while the machine does something else. */
const MAX_MILLISECONDS = 1000;
const REPEATS = 3;
const MAX_GROWTH = 700 * 1024 * 1024;

const LONG = 2 * 1024 * 1024;
const data = {
  n: 3,
  s: 'x',
  a: 'a'.repeat(LONG),
  huge: 'a'.repeat(LONG * 4),
  lines: '\n'.repeat(LONG),
  words: 'Ab '.repeat(LONG / 3),
  wide: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key-${i}`, i])),
  deep: nest(5000),
  numbers: Array.from({ length: 300_000 }, (_, i) => i),
};

function nest(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

/** A list that holds the one before twice: its text doubles with every turn. */
const DOUBLED = '{{ $x := list "ab" }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}';
const SELF = '{{ $d := dict "a" 1 }}{{ $_ := set $d "self" $d }}';
const OTHER = '{{ $e := dict "a" 1 }}{{ $_ := set $e "self" $e }}';
const RECURSIVE = '{{ define "x" }}';

/** A template and what its refusal says. */
type Bomb = readonly [template: string, says: RegExp];

const SIZE = /larger than \d+ characters|more than \d+ (?:items|lists and maps|loop iterations|numbers)/;
const TIME = /took longer than 500 ms|more than \d+ loop iterations/;
const ANY = new RegExp(`${SIZE.source}|${TIME.source}`);
const DEEP = /nests? (?:deeper than \d+ levels|too deeply)/;

const bombs: readonly Bomb[] = [
  // Texts that grow.
  ['{{ repeat 1000000000 "x" }}', SIZE],
  ['{{ repeat 9007199254740991 "ab" }}', SIZE],
  ['{{ $x := "x" }}{{ range until 60 }}{{ $x = cat $x $x }}{{ end }}', SIZE],
  ['{{ $x := "x" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}', SIZE],
  ['{{ $x := "x" }}{{ range until 60 }}{{ $x = printf "%s%s" $x $x }}{{ end }}', SIZE],
  ['{{ $x := "\\"" }}{{ range until 60 }}{{ $x = quote $x }}{{ end }}', SIZE],
  ['{{ $x := "x" }}{{ range until 60 }}{{ $x = replace "x" "xx" $x }}{{ end }}', SIZE],
  ['{{ $x := "&" }}{{ range until 60 }}{{ $x = html $x | replace "&" "&&" }}{{ end }}', SIZE],
  ['{{ range until 100000 }}{{ repeat 100000 "x" }}{{ end }}', ANY],
  ['{{ range until 100000 }}{{ $.a }}{{ end }}', SIZE],
  ['{{ indent 1000000 .lines }}', SIZE],
  ['{{ nindent 1000000000 "a" }}', SIZE],
  ['{{ replace "" .a .a }}', SIZE],
  ['{{ replace "a" .a .a }}', SIZE],
  ['{{ regexReplaceAll "a" (trunc 50000 .a) (trunc 50000 .a) }}', SIZE],
  ['{{ regexReplaceAllLiteral "" (trunc 50000 .a) (trunc 50000 .a) }}', SIZE],
  ['{{ join (trunc 100000 .a) (until 100000) }}', SIZE],
  ['{{ wrapWith 1 (trunc 100000 .a) .a }}', SIZE],
  ['{{ printf "%1000000d%1000000d%1000000d" 1 2 3 }}', SIZE],
  ['{{ printf "%1000000d" (until 1000) }}', SIZE],
  ['{{ printf "%.1000000f%.1000000f%.1000000f" 1.5 1.5 1.5 }}', SIZE],
  ['{{ upper .huge }}', SIZE],
  // Lists that grow.
  ['{{ until 1000000000 }}', SIZE],
  ['{{ untilStep 0 9007199254740991 1 }}', SIZE],
  ['{{ seq 1000000000 }}', SIZE],
  ['{{ range 1000000000 }}x{{ end }}', SIZE],
  ['{{ $x := list 1 }}{{ range until 60 }}{{ $x = concat $x $x }}{{ end }}', SIZE],
  ['{{ $x := list 1 }}{{ range until 200000 }}{{ $x = append $x 1 }}{{ end }}', ANY],
  ['{{ $x := list 1 }}{{ range until 200000 }}{{ $x = prepend $x 1 }}{{ end }}', ANY],
  ['{{ split "" .a }}', SIZE],
  ['{{ splitList "a" .a }}', SIZE],
  ['{{ splitn "a" 1000000000 .a }}', SIZE],
  ['{{ regexFindAll "a" .a -1 }}', /too long for a regexp/],
  ['{{ regexSplit "" .a -1 }}', /too long for a regexp/],
  [
    '{{ $d := dict }}{{ range until 1000 }}{{ $k := . }}{{ range until 1000 }}{{ $_ := set $d (print $k "-" .) $.a }}{{ end }}{{ end }}{{ $d }}',
    ANY,
  ],
  // Small values that are huge when they are written out, and values that hold themselves.
  [`${DOUBLED}{{ $x }}`, ANY],
  [`${DOUBLED}{{ print $x }}`, ANY],
  [`${DOUBLED}{{ printf "%v" $x }}`, ANY],
  [`${DOUBLED}{{ printf "%#v" $x }}`, ANY],
  [`${DOUBLED}{{ toJson $x }}`, ANY],
  [`${DOUBLED}{{ toPrettyJson $x }}`, ANY],
  [`${DOUBLED}{{ toYaml $x }}`, ANY],
  [`${DOUBLED}{{ toToml (dict "a" $x) }}`, ANY],
  [`${DOUBLED}{{ deepCopy $x | len }}`, ANY],
  [`${DOUBLED}{{ join "," $x }}`, ANY],
  [`${DOUBLED}{{ sortAlpha $x }}`, ANY],
  [
    `${DOUBLED}{{ $y := list "ab" }}{{ range until 60 }}{{ $y = list $y $y }}{{ end }}{{ deepEqual $x $y }}`,
    ANY,
  ],
  [
    `${DOUBLED}{{ $y := list "ab" }}{{ range until 60 }}{{ $y = list $y $y }}{{ end }}{{ uniq (list $x $y) }}`,
    ANY,
  ],
  [`${SELF}{{ $d }}`, DEEP],
  [`${SELF}{{ mustToJson $d }}`, DEEP],
  [`${SELF}{{ toYaml $d }}`, DEEP],
  [`${SELF}{{ deepCopy $d }}`, DEEP],
  [`${SELF}${OTHER}{{ deepEqual $d $e }}`, DEEP],
  [`${SELF}${OTHER}{{ merge $d $e }}`, DEEP],
  [`${SELF}${OTHER}{{ mergeOverwrite $d $e }}`, DEEP],
  ['{{ .deep }}', DEEP],
  ['{{ mustToJson .deep }}', DEEP],
  // Time.
  ['{{ range until 1000 }}{{ range until 1000 }}{{ range until 1000 }}{{ end }}{{ end }}{{ end }}', TIME],
  ['{{ range until 100000 }}{{ $.wide | keys | sortAlpha | len }}{{ end }}', ANY],
  ['{{ range until 100000 }}{{ len $.words }}{{ upper $.words | len }}{{ end }}', ANY],
  [`${'{{ if .wide }}{{ end }}{{ len (toJson .wide) }}'.repeat(500)}`, ANY],
  [`${'{{ len (sha512sum .a) }}'.repeat(1000)}`, ANY],
  ['{{ range until 100000 }}{{ regexMatch "(a+)+$" (trunc 30000 $.words) }}{{ end }}', ANY],
  ['{{ range until 100000 }}{{ regexMatch (print "x" . "{30}") "xx" }}{{ end }}', ANY],
  ['{{ regexMatch "(a+)+$" .a }}', /too long for a regexp/],
  ['{{ regexMatch "(?:a?){500}a{400}" (trunc 20000 .a) }}', /too long for a regexp/],
  ['{{ regexMatch "((a{30}b{30}c{30}){30}d){30}" .s }}', /regexp repeats/],
  [`{{ regexMatch "${'a{1000}'.repeat(200)}" .s }}`, /regexp repeats/],
  [`{{ regexMatch "${'(a|b)'.repeat(2000)}" .s }}`, /regexp is longer/],
  ['{{ uniq .numbers }}', /too long to compare|more than/],
  [
    '{{ without .numbers 1 2 3 | without .numbers | without .numbers }}{{ range until 1000 }}{{ has -1 $.numbers }}{{ end }}',
    ANY,
  ],
  ['{{ snakecase .words }}', SIZE],
  ['{{ camelcase .words }}', SIZE],
  ['{{ fromYaml .lines }}', SIZE],
  ['{{ range until 100000 }}{{ sortAlpha $.numbers | len }}{{ end }}', ANY],
  // Calls.
  [`${RECURSIVE}{{ template "x" . }}{{ end }}{{ template "x" . }}`, /maximum template depth/],
  [
    `${RECURSIVE}{{ if gt . 0 }}{{ template "x" (sub . 1) }}{{ template "x" (sub . 1) }}{{ end }}{{ end }}{{ template "x" 60 }}`,
    TIME,
  ],
  // Long templates.
  ['{{ .n }}'.repeat(500_000), /more than \d+ words/],
  [`{{ list ${'1 '.repeat(1_000_000)}}}`, /more than \d+ words/],
  ['{{'.repeat(1_000_000), /unexpected|more than \d+ words/],
  [`{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`, /nests deeper|more than \d+ words/],
  [`${'{{ if 1 }}'.repeat(100_000)}${'{{ end }}'.repeat(100_000)}`, /nests deeper|more than \d+ words/],
  [`{{ if 0 }}${'{{ else if 0 }}'.repeat(5000)}{{ end }}`, DEEP],
  [`{{ 1${' | default 1'.repeat(7000)} }}`, /nests too deeply|more than \d+ words/],
  [`{{ ${'.n'.repeat(20_000)} }}`, /nests too deeply|can't evaluate/],
  [`{{ ${'9'.repeat(4_000_000)} }}`, /illegal number syntax/],
  [`{{ ${'1_'.repeat(2_000_000)}1 }}`, /illegal number syntax/],
  [`{{ "${'\\x41'.repeat(1_000_000)}" }}`, /invalid syntax/],
  [`{{ ${'a'.repeat(4_000_000)} }}`, /not defined/],
  ['a'.repeat(5 * 1024 * 1024), /template is larger/],
];

function refuse(template: string, options: Partial<TemplateOptions> = {}): TemplateError {
  try {
    compileTemplate(template, { name: 't', ...options }).render(data);
  } catch (error) {
    assert.ok(error instanceof TemplateError, `${template.slice(0, 100)}: ${error}`);
    return error;
  }
  return assert.fail(`not refused: ${template.slice(0, 100)}`);
}

describe('a template that would do too much', () => {
  const before = process.memoryUsage.rss();
  let peak = 0;

  for (const [template, says] of bombs) {
    const name = template.length > 90 ? `${template.slice(0, 90)}... (${template.length})` : template;
    it(`is refused within a second: ${name}`, () => {
      const times: number[] = [];
      // Only what is slow every time is slow: a busy machine is not the template's fault.
      for (let i = 0; i < REPEATS; i++) {
        const start = performance.now();
        const { message } = refuse(template);
        times.push(performance.now() - start);
        assert.match(message, says);
        assert.ok(message.length < 5000, `a message of ${message.length} characters`);
        peak = Math.max(peak, process.memoryUsage.rss());
        if ((times.at(-1) as number) < MAX_MILLISECONDS) return;
      }
      assert.fail(`took ${times.map((time) => time.toFixed(0)).join(', ')} ms`);
    });
  }

  it('does not fill the memory', () => {
    assert.ok(bombs.length >= 60);
    const growth = peak - before;
    assert.ok(growth < MAX_GROWTH, `${(growth / 1024 / 1024).toFixed(0)} MiB`);
  });
});

describe('a template that does much', () => {
  const hpa = `{{ range .elements }}---
metadata: {name: {{ .name | quote }}, labels: { {{- range $key, $value := .labels }}{{ $key }}: {{ quote $value }}, {{ end -}} }}
spec:{{ with .replicas }} {maxReplicas: {{ round (mulf .max 1.2) 0 }}}{{ end }}{{ if gt .cpu 50 }} # {{ .cpu }}{{ end }}
{{ end }}`;
  const elements = Array.from({ length: 1000 }, (_, i) => ({
    name: `service-${i}`,
    labels: { team: 'a', tier: 'web', name: `service-${i}` },
    replicas: { max: i },
    cpu: i % 100,
  }));
  const allowed: [string, string, object, number][] = [
    ['1,000 resources', hpa, { elements }, 100_000],
    [
      '10 MB of output',
      `{{ range until 100000 }}{{ $.line }}{{ end }}`,
      { line: 'x'.repeat(100) },
      10_000_000,
    ],
    ['a text of 1 MiB', '{{ .text | upper | trim | quote }}', { text: 'a'.repeat(2 ** 20) }, 2 ** 20],
    ['a list of 200,000', '{{ until 200000 | len }}{{ range until 200000 }}x{{ end }}', {}, 200_000],
    [
      'a long regexp',
      '{{ regexReplaceAll "[a-z]+-[0-9]+" .text "$0" }}',
      { text: 'abc-12 '.repeat(20_000) },
      140_000,
    ],
  ];
  for (const [what, template, input, length] of allowed) {
    it(`is not refused: ${what}`, () => {
      // The time limit is tested above: here a busy machine must not matter.
      const limits = { milliseconds: 10_000 };
      const output = compileTemplate(template, { name: 't', limits }).render(input);
      assert.ok(output.length >= length, `${output.length}`);
    });
  }
});
