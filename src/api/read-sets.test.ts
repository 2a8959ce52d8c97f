import assert from 'node:assert/strict';
import { processorTime } from '../../test/harness/processor-time.ts';
import { readSample, sampleSet } from '../../test/harness/sample-sets.ts';
import { refuseDuplicateSets } from './read-sets.ts';

const good = sampleSet('interval: 5m');
const named = (name: string) => good.replace('name: test', `name: ${name}`);
const indented = (text: string) => text.trimEnd().replaceAll('\n', '\n  ');

describe('readGeneratorSets', () => {
  const texts: [title: string, text: string, names: string[]][] = [
    ['one document', good, ['test']],
    ['several documents', `${named('a')}---\n${named('b')}`, ['a', 'b']],
    ['empty documents between', `---\n---\n${named('a')}---\n# nothing\n---\n${named('b')}...\n`, ['a', 'b']],
    ['other kinds', `kind: Secret\n---\n${named('a')}---\n- 1\n---\ntext\n`, ['a']],
    ['a kind of another group', 'apiVersion: example.com/v1\nkind: Generator\n', []],
    [
      'a list',
      `apiVersion: v1\nkind: List\nitems:\n- ${indented(named('a'))}\n- kind: Secret\n- ${indented(named('b'))}\n`,
      ['a', 'b'],
    ],
    ['the list that kubectl prints', `kind: GeneratorSetList\nitems:\n- ${indented(good)}\n`, ['test']],
    ['an empty list', 'kind: List\nitems: []\n', []],
    ['nothing', '', []],
    ['CRLF', good.replaceAll('\n', '\r\n'), ['test']],
    ['a byte order mark', `\uFEFF${good}`, ['test']],
    [
      'JSON',
      JSON.stringify(
        {
          apiVersion: 'generatorset.dev/v1alpha1',
          kind: 'GeneratorSet',
          metadata: { name: 'j' },
          spec: { generators: [{ list: { elements: [] } }], templates: [{ text: 'x' }] },
        },
        null,
        '\t',
      ),
      ['j'],
    ],
  ];
  for (const [title, text, names] of texts) {
    it(`reads ${title}`, () => {
      const { sets, lines } = readSample(text);
      assert.deepEqual(lines, []);
      assert.deepEqual(
        sets.map(({ set }) => set.metadata.name),
        names,
      );
    });
  }

  it('gives each set its place in the file', () => {
    const { sets } = readSample(
      `${named('a')}---\n${named('b')}---\nkind: List\nitems:\n- ${indented(named('c'))}\n`,
    );
    const places = sets.map(({ source }) => source.locate(['metadata', 'name']));
    assert.deepEqual(places, [
      { file: 'set.yaml', line: 3, column: 18 },
      { file: 'set.yaml', line: 11, column: 18 },
      { file: 'set.yaml', line: 21, column: 20 },
    ]);
  });

  it('keeps the good sets beside the errors of the others', () => {
    const { sets, lines } = readSample(`${named('a')}---\n${sampleSet('interval: 1')}---\n${named('c')}`);
    assert.deepEqual(
      sets.map(({ set }) => set.metadata.name),
      ['a', 'c'],
    );
    assert.deepEqual(lines, ['set.yaml:13:13: spec.interval: is a number, must be a string such as 24h']);
  });

  it('keeps every digit of a content', () => {
    const { sets } = readSample(sampleSet('templates: [{content: {a: 12345678901234567890}}]'));
    assert.deepEqual(sets[0]?.set.spec.templates[0]?.content, { a: 12345678901234567890n });
  });

  it('reads an error in a list at its place', () => {
    const { lines } = readSample(`kind: List\nitems:\n- ${indented(sampleSet('interval: 1'))}\n`);
    assert.deepEqual(lines, ['set.yaml:7:15: spec.interval: is a number, must be a string such as 24h']);
  });

  it('shows every template that lacks its quotes, at its place', () => {
    const { sets, lines } = readSample(`${good}  a: {{ .x }}\n  b: "{{ printf "%s" .y }}"\n`);
    assert.deepEqual(sets, []);
    assert.deepEqual(lines, [
      'set.yaml:8:6: quote the template: "{{ ... }}"',
      '      a: {{ .x }}',
      '         ^',
      "set.yaml:9:7: quote the template: '{{ ... }}', for it holds double quotes",
      '      b: "{{ printf "%s" .y }}"',
      '          ^',
    ]);
  });

  const bombs = Array.from(
    { length: 30 },
    (_, index) => `b${index + 1}: &b${index + 1} [*b${index}, *b${index}]`,
  );
  const hostile: [title: string, text: string, error: RegExp][] = [
    ['broken YAML', `${good}  a: [\n`, /^set.yaml:\d+:\d+: /],
    ['a tab as indentation', 'a:\n\tb: 1\n', /^set.yaml:2:\d+: /],
    ['duplicate keys', `${good}  interval: 6m\n`, /^set.yaml:8:3: duplicate key "interval"$/],
    [
      'a bomb of aliases',
      `b0: &b0 [x]\n${bombs.join('\n')}\n`,
      /^set.yaml:\d+:\d+: more than 200000 values$/,
    ],
    ['an alias of itself', 'a: &a [*a]\n', /^set.yaml:1:\d+: /],
    [
      'deep nesting',
      `a: ${'['.repeat(100)}${']'.repeat(100)}\n`,
      /^set.yaml:1:\d+: nested deeper than 64 levels$/,
    ],
    ['very deep nesting', `a: ${'['.repeat(100_000)}\n`, /^set.yaml:1:\d+: /],
    [
      'a prototype',
      `${good}  __proto__: {suspend: true}\n`,
      /^set.yaml:8:3: the key "__proto__" is refused$/,
    ],
    ['a large file', `a: ${'x'.repeat(5 * 1024 * 1024)}\n`, /^set.yaml:1:1: longer than 4194304 characters$/],
    ['many documents', 'a: 1\n---\n'.repeat(1001), /^set.yaml:\d+:\d+: more than 1000 documents$/],
  ];
  for (const [title, text, error] of hostile) {
    it(`refuses ${title} at once`, () => {
      const start = processorTime();
      const { sets, lines } = readSample(text);
      assert.deepEqual(sets, []);
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? '', error);
      assert.ok(processorTime() - start < 2000);
    });
  }
});

describe('refuseDuplicateSets', () => {
  it('names both places', () => {
    const { sets } = readSample(`${named('a')}---\n${named('b')}---\n${named('a')}`);
    const errors = refuseDuplicateSets(sets).errors.map((error) => error.message);
    assert.deepEqual(errors, [
      'set.yaml:19: the GeneratorSet flux-system/a stands in set.yaml:3 too; rename one',
    ]);
  });

  it('lets other namespaces have the same name', () => {
    const other = named('a').replace('name: a', 'name: a, namespace: other');
    assert.deepEqual(refuseDuplicateSets(readSample(`${named('a')}---\n${other}`).sets).errors, []);
  });
});
