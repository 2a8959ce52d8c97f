const LONG = 2 * 1024 * 1024;
/** What the bombs are rendered with. */
export const bombData = {
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

/** Templates that would do too much, each about the worst of its kind. */
export const bombs: readonly Bomb[] = [
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
