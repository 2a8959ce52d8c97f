import assert from 'node:assert/strict';
import { type DocumentCase, readCorpus } from '../../test/conformance/content/corpus.ts';
import { processorTime } from '../../test/harness/processor-time.ts';
import { parseYaml, parseYamlDocuments, YamlError } from './yaml-read.ts';

describe('parseYaml', () => {
  it('reads or refuses every document of the corpus as Go does', () => {
    for (const { text, value } of readCorpus<DocumentCase>('documents')) {
      // Go's program reads an empty document into an empty map.
      if (value !== undefined) assert.deepEqual(parseYaml(text) ?? {}, value, text);
      else assert.throws(() => parseYaml(text), YamlError, text);
    }
  });

  it('lets a key stand before one that is merged, wherever "<<" is', () => {
    assert.deepEqual(parseYaml('{q: 2, <<: {q: 1, p: 1}}'), { q: 2, p: 1 });
  });

  const refused = [
    { text: 'a: 1\na: 2', message: 'line 2, column 1: duplicate key "a"' },
    { text: '1: a\n"1": b', message: 'line 2, column 1: duplicate key "1"' },
    {
      text: '{on: true, y: 4}',
      message: 'line 1, column 12: duplicate key "true": YAML reads on and y so; write "on" and "y"',
    },
    { text: 'n: 1\nn: 2', message: 'line 2, column 1: duplicate key "false": YAML reads n so; write "n"' },
    {
      text: '16: 1\n0x10: 2',
      message: 'line 2, column 1: duplicate key "16": YAML reads 0x10 so; write "0x10"',
    },
    { text: 'a: 1\n---\nb: 2', message: 'line 2, column 1: a second document; only one is expected' },
    { text: 'a:\n  __proto__: 1', message: 'line 2, column 3: the key "__proto__" is refused' },
    { text: 'a:\n  - .inf', message: 'line 2, column 5: .inf is no number that JSON can hold; quote it' },
    { text: 'a: &a [*a]', message: 'line 1, column 8: "a" contains itself' },
    { text: `a: *${'b'.repeat(200)}`, message: `line 1, column 4: unknown anchor "${'b'.repeat(100)}..."` },
    { text: 'a: *b', message: 'line 1, column 4: unknown anchor "b"' },
    {
      text: 'a\n  : b\n\0',
      message: 'line 3, column 1: a control character; write it as an escape in double quotes',
    },
    { text: '? {a: b}\n: c', message: 'line 1, column 3: a key must be a scalar' },
    { text: '!!constructor 1: !!int x', message: 'line 1, column 24: a value that is no !!int' },
  ];
  for (const { text, message } of refused) {
    it(`refuses ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseYaml(text), { name: 'YamlError', message }));
  }

  it('gives a position to every error of syntax', () => {
    assert.throws(
      () => parseYaml('a: 1\nb: [1, 2\nc: 3\n'),
      (error: YamlError) => error.line >= 2 && error.column >= 1 && /^[a-z]/.test(error.reason),
    );
  });

  it('never touches a prototype', () => {
    const value = parseYaml('constructor: 1\ntoString: 2\n<<: {hasOwnProperty: 3}');
    assert.deepEqual(Object.entries(value as object).sort(), [
      ['constructor', 1],
      ['hasOwnProperty', 3],
      ['toString', 2],
    ]);
  });
});

describe('parseYaml, given too much,', () => {
  const laughs = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
  for (let i = 1; i < 12; i++) laughs.push(`a${i}: &a${i} [${Array(9).fill(`*a${i - 1}`)}]`);
  const merges = ['a0: &a0 {k: 1}'];
  for (let i = 1; i < 40; i++) merges.push(`a${i}: &a${i} {<<: [*a${i - 1}, *a${i - 1}]}`);
  const cases = [
    { name: 'aliases of aliases', text: laughs.join('\n'), message: /more than 100000 values/ },
    { name: 'merges of merges', text: merges.join('\n'), message: /more than 100000 values/ },
    { name: '100,000 lists in lists', text: '['.repeat(100_000), message: /nested deeper than 64 levels/ },
    { name: '100,000 lists on a line', text: '- '.repeat(100_000), message: /nested deeper than 64 levels/ },
    { name: '100,000 keys of keys', text: '? '.repeat(100_000), message: /nested deeper than 64 levels/ },
    { name: '900,000 documents', text: '---\n'.repeat(900_000), message: /more than 10000 documents/ },
    { name: 'a long text', text: 'x'.repeat(5_000_000), message: /longer than 4194304 characters/ },
  ];
  for (const { name, text, message } of cases) {
    it(`refuses ${name} within a second`, () => {
      const start = processorTime();
      assert.throws(() => parseYaml(text), { name: 'YamlError', message });
      assert.ok(processorTime() - start < 1000);
    });
  }

  it('reads 64 levels, and no more', () => {
    assert.ok(parseYaml('['.repeat(64) + ']'.repeat(64)));
    assert.throws(() => parseYaml('['.repeat(65) + ']'.repeat(65)), YamlError);
  });

  it('reads 20,000 keys in time that grows with their number', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
    const start = processorTime();
    assert.equal(Object.keys(parseYaml(text) as object).length, 20_000);
    assert.ok(processorTime() - start < 3000);
  });

  it('takes tighter limits', () => {
    assert.throws(() => parseYaml('[1, 2, 3]', { maxNodes: 3 }), /more than 3 values/);
    assert.throws(() => parseYamlDocuments('a\n---\nb', { maxDocuments: 1 }), /more than 1 documents/);
    assert.throws(() => parseYaml('abc', { maxLength: 2 }), /longer than 2 characters/);
  });

  for (const piece of ['{},', '- {}\n', '#\n', '\n', '- &a b\n']) {
    it(`refuses ${JSON.stringify(piece)} written very often before it is composed`, () => {
      const text = piece === '{},' ? `[${piece.repeat(200_000)}{}]` : piece.repeat(400_000);
      const start = processorTime();
      assert.throws(() => parseYaml(text, { maxNodes: 10_000 }), /more than 10000 values/);
      assert.ok(processorTime() - start < 1000);
    });
  }
});

describe('parseYaml, at the end of a text,', () => {
  const cases: [text: string, value: string][] = [
    ['k: |\n  a\n  b', 'a\nb'],
    ['k: |\n  a\n  b\n', 'a\nb\n'],
    ['k: |+\n  a', 'a'],
    ['k: |-\n  a', 'a'],
    ['k: >\n  a\n  b', 'a b'],
    ['k: |\n  a\n  ', 'a\n'],
    ['k: |\n  a\nl: b', 'a\n'],
    ['k: "a"', 'a'],
  ];
  for (const [text, value] of cases) {
    it(`gives ${JSON.stringify(value)} for ${JSON.stringify(text)}`, () => {
      assert.equal((parseYaml(text) as { k: string }).k, value);
    });
  }
});

describe('parseYaml, read leniently,', () => {
  const cases: [text: string, value: unknown][] = [
    ['a: 1\na: 2', { a: 2 }],
    ['a: 1\n---\nb: 2', { a: 1 }],
    ['---\n---\na: 1', null],
    ['a: 1\n--- [', { a: 1 }],
  ];
  for (const [text, value] of cases) {
    it(`gives ${JSON.stringify(value)} for ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseYaml(text, { isLenient: true }), value);
    });
  }
});

describe('parseYamlDocuments', () => {
  it('steps over empty documents, and gives the nodes and lines of the others', () => {
    const documents = parseYamlDocuments('---\n---\na: 1\n---\n# nothing\n---\nnull\n---\nb:\n  c: [x, z]\n');
    assert.deepEqual(
      documents.map(({ value }) => value),
      [{ a: 1 }, { b: { c: ['x', 'z'] } }],
    );
    const { document, lines } = documents[1] ?? assert.fail();
    const node = document.getIn(['b', 'c', 1], true) as { range: [number, number, number] };
    assert.deepEqual(lines.linePos(node.range[0]), { line: 10, col: 10 });
  });

  it('lets the caller give plain scalars their value', () => {
    const [document] = parseYamlDocuments('a: yes\nb: "yes"', { resolvePlain: (text) => `<${text}>` });
    assert.deepEqual(document?.value, { '<a>': '<yes>', '<b>': 'yes' });
  });
});
