import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../src/lib/json.ts';
import { isWrittenPlain } from '../../../src/lib/yaml.ts';

/** A content and the element that it is rendered with. */
export interface ContentInput {
  readonly content: JsonObject;
  readonly element: JsonObject;
  readonly delimiters?: [string, string];
}

/** As keys, GitOpsSets makes booleans of some names, and lets one key of a map replace another. */
const KEYS = ['a', 'spec', 'b10', 'b9', 'yes', '10', 'x.y/z', 'with space'];

const name = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/)
  .filter((text) => isWrittenPlain(text) && !KEYS.includes(text));
const ordinaryText = fc.oneof(
  name,
  fc.constantFrom(
    'v1.2.3',
    '1.5',
    '10m',
    '256Mi',
    'true',
    'off',
    '0',
    '010',
    'https://example.com/a?b=c&d=e',
    'a b c',
  ),
  fc.constantFrom(
    'apps/team-a',
    '5',
    'É',
    'a_b',
    'x=y',
    '12:30',
    '2001-01-01',
    'ghcr.io/a/b:v1',
    'null',
    '~',
    '1e3',
  ),
);

/** An element as generators give them: names, numbers, lists, maps. */
export const ordinaryElements: fc.Arbitrary<JsonObject> = fc.record({
  name,
  text: ordinaryText,
  n: fc.oneof(fc.nat(20), fc.nat(5_000_000), fc.constantFrom(0.5, 1.25, 1e21, -3)),
  on: fc.boolean(),
  teams: fc.array(name, { maxLength: 3 }),
  ports: fc.array(fc.record({ name, port: fc.nat(65535) }), { maxLength: 3 }),
  labels: fc.dictionary(name, ordinaryText, { maxKeys: 3, noNullPrototype: true }),
});

/** Leaves with their delimiters as L and R. */
const LEAVES = [
  ...[
    'L .Element.name R',
    'L .Element.n R',
    'L .Element.on R',
    'L .Element.text R',
    'x-L .Element.text R',
    'L .Element.name R-x',
  ],
  ...[
    'aL .Element.n R',
    'app/L .Element.name R:v1',
    'L .ElementIndex R',
    'i-L .ElementIndex R',
    'L .GitOpsSet.Name R-a',
  ],
  ...['L if .Element.on RyesL else RnoL end R', 'L with .Element.teams RL index . 0 RL else RnoneL end R'],
  ...[
    'L range .Element.teams RL . R,L end R',
    'L len .Element.teams R',
    'L .Element.text | quote R',
    'L .Element.labels | toJson R',
  ],
  ...[
    'L/* nothing */R',
    ' L .Element.name R ',
    '# L .Element.name R',
    "it's L .Element.name R",
    '"L .Element.name R"',
  ],
  ...[
    '- L .Element.name R',
    'key: L .Element.text R',
    '[L .Element.n R]',
    '*L .Element.name R',
    'a #L .Element.name R',
  ],
  'L $x := .Element.name RL $x R-L $x R',
  '- op: replace\n  path: /spec/replicas\n  value: L .Element.n R\n',
  '- op: replace\n  value: L .Element.text R',
  'teams:\nL range .Element.teams R- L . R\nL end R',
  'teams:\nL- range .Element.teams R\n- L . RL end R\n',
  'L range .Element.ports R- name: L .name R\n  port: L .port R\nL end R',
  'L with .Element R\n  a: L .name R\n  b: L .n R\nL end R\n',
  'L if .Element.on R\non\nL else R\noff\nL end R',
  '\n  lead: L .Element.name R\n\n',
  'a\n\n\nL .Element.name R\n\n\n',
  '  two: L .Element.n R\n four\n',
];

/** Leaves that give structure, where their text is written without quotes. */
const STRUCTURES = [
  'L .Element.labels | toJson R',
  'L .Element.ports | toJson R',
  'L .Element.text | toJson R',
  'L .Element.labels | toYaml | nindent 40 R',
  'L .Element.ports | toYaml | nindent 40 R',
  'L .Element.teams | toYaml | nindent 40 R',
  'L if .Element.on RL .Element.labels | toYaml | nindent 40 RL else R[L .Element.n R, L .Element.text | quote R]L end R',
  'L if .Element.on RL .Element.text | quote RL else RL .Element.n | squote RL end R',
  'L with .Element.name RL . | quote RL end R',
  '[L range .Element.teams RL . | quote R, L end R]',
  'L range .Element.ports R- L .name R: L .port R\nL end R',
];

const STATIC = [
  'yes',
  '010',
  'plain',
  'a: b',
  '',
  ' x',
  'two\nlines\n',
  '5',
  'it is 😀',
  '1.10',
  '{{',
  '}}',
  '# no',
  "'",
];

function leaves(left: string, right: string): fc.Arbitrary<string> {
  const texts = [...LEAVES, ...(left === '{{' ? [] : STRUCTURES)];
  return fc.constantFrom(...texts).map((text) => text.replaceAll('L', left).replaceAll('R', right));
}

function contents([left, right]: [string, string]): fc.Arbitrary<JsonObject> {
  const leaf = leaves(left, right);
  const fixed = fc.constantFrom<JsonValue>(
    ...STATIC.filter((text) => !text.includes(left)),
    5,
    true,
    null,
    1.5,
    0,
  );
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...KEYS) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(`${left} .Element.name ${right}`, `k-${left} .Element.name ${right}`),
    },
  );
  const value = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      leaf,
      fixed,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;
  return fc.dictionary(key, value, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
}

/** Contents with an ordinary element, under Go's delimiters or under `${{ }}`. */
export const ordinaryInputs: fc.Arbitrary<ContentInput> = fc.oneof(
  fc.record({ content: contents(['{{', '}}']), element: ordinaryElements }),
  fc.record({
    content: contents(['${{', '}}']),
    element: ordinaryElements,
    delimiters: fc.constant<[string, string]>(['${{', '}}']),
  }),
);

/** Contents that make sense only as one text. */
export const WHOLE_INPUTS: ContentInput[] = [
  { content: { a: '{{ range .Element.teams }}', b: '{{ . }}', c: '{{ end }}' }, element: { teams: ['x'] } },
  { content: { a: '{{ $x := .Element.name }}{{ $x }}', b: '{{ $x }}-b' }, element: { name: 'n' } },
  {
    content: { a: '{{ define "part" }}T{{ . }}{{ end }}', b: '{{ template "part" .Element.name }}' },
    element: { name: 'n' },
  },
  { content: { list: ['{{ if .Element.on }}', 'x', '{{ end }}'], z: 1 }, element: { on: true } },
];
