import assert from 'node:assert/strict';
import fc from 'fast-check';
import { processorTime } from '../../test/harness/processor-time.ts';
import { createRecorder, readKeys } from './record-reads.ts';
import { compileTemplate } from './template/compile-template.ts';

const data = {
  Element: {
    value: [1687950455.23, '300'],
    labels: { app: 'podinfo', 'app.kubernetes.io/name': 'x' },
    list: [{ n: 1 }, { n: 2 }],
    nothing: null,
  },
  Repeat: { team: 'a' },
  GeneratorSet: { Name: 'set' },
};

function readsOf(template: string) {
  const program = compileTemplate(template, { name: 't', missingKey: 'error' });
  return createRecorder()(data, (observed) => program.render(observed));
}

describe('recordReads', () => {
  const cases: { template: string; paths: string[] }[] = [
    { template: 'static', paths: [] },
    { template: '{{ .GeneratorSet.Name }}', paths: [] },
    { template: '{{ index .Element.value 1 }}', paths: ['.Element.value[1]'] },
    {
      template: '{{ .Repeat.team }}-{{ .Element.labels.app }}',
      paths: ['.Repeat.team', '.Element.labels.app'],
    },
    { template: '{{ .Repeat.team }}{{ .Repeat.team }}', paths: ['.Repeat.team'] },
    {
      template: '{{ index .Element.labels "app.kubernetes.io/name" }}',
      paths: ['.Element.labels["app.kubernetes.io/name"]'],
    },
    {
      template: '{{ range .Element.list }}{{ .n }}{{ end }}',
      paths: ['.Element.list[0].n', '.Element.list[1].n'],
    },
    { template: '{{ with .Element.labels }}yes{{ end }}', paths: [] },
    { template: '{{ len .Element.list }}', paths: [] },
    { template: '{{ .Element.nothing }}', paths: ['.Element.nothing'] },
    { template: '{{ if false }}{{ .Repeat.team }}{{ end }}', paths: [] },
    {
      template: '{{ .Element.labels | toJson }}',
      paths: ['.Element.labels.app', '.Element.labels["app.kubernetes.io/name"]'],
    },
  ];
  for (const { template, paths } of cases) {
    it(`${template} reads ${paths.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(
        readsOf(template).map(({ path }) => path),
        paths,
      );
    });
  }

  it('gives the values, and leaves the data and the output as they are', () => {
    const before = structuredClone(data);
    assert.deepEqual(readsOf('{{ index .Element.value 0 }}'), [
      { path: '.Element.value[0]', value: 1687950455.23 },
    ]);
    assert.deepEqual(data, before);
  });

  it('shows the same data as before', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (Element) => {
        createRecorder()({ Element }, (observed) =>
          assert.deepEqual(JSON.stringify(observed), JSON.stringify({ Element })),
        );
      }),
    );
  });

  it('reaches no prototype', () => {
    const Element = JSON.parse('{"__proto__": {"polluted": true}}');
    const [read] = createRecorder()({ Element }, (observed) => JSON.stringify(observed));
    assert.deepEqual(read, { path: '.Element.__proto__.polluted', value: true });
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });
});

describe('a recorder', () => {
  const read = (name: string) => (observed: object) =>
    void (observed as { Element: Record<string, unknown> }).Element[name];

  it('tells apart what the leaves of the same data read', () => {
    const record = createRecorder();
    const elements = { Element: { a: 1, b: 2 } };
    assert.deepEqual(record(elements, read('a')), [{ path: '.Element.a', value: 1 }]);
    assert.deepEqual(record(elements, read('b')), [{ path: '.Element.b', value: 2 }]);
    assert.deepEqual(record({ Element: { a: 3 } }, read('a')), [{ path: '.Element.a', value: 3 }]);
  });

  it('opens a large list once for all leaves of the same data', () => {
    const record = createRecorder();
    const large = { Element: { list: Array.from({ length: 20_000 }, (_, n) => ({ n })) } };
    const program = compileTemplate('{{ (index .Element.list 7).n }}', { name: 't' });
    const started = processorTime();
    for (let leaf = 0; leaf < 500; leaf++) {
      const reads = record(large, (observed) => program.render(observed));
      assert.deepEqual(reads, [{ path: '.Element.list[7].n', value: 7 }]);
    }
    assert.ok(processorTime() - started < 2000);
  });

  it('leaves alone what an earlier leaf has set that is no JSON', () => {
    const record = createRecorder();
    const elements = { Element: { n: 1 } };
    const options = { name: 't' };
    const leaf =
      '{{ $_ := set .Element "t" (toDate "2006" "2024") }}{{ $_ = set .Element "n" (int .Element.n) }}';
    compileTemplate(leaf, options).render(elements);
    const next = compileTemplate('{{ .Element.t.Year }}{{ .Element.n }}', options);
    assert.deepEqual(
      record(elements, (observed) => void assert.equal(next.render(observed), '20241')),
      [],
    );
  });

  it('lets a template set a field, for this leaf alone', () => {
    const record = createRecorder();
    const elements = { Element: { a: 1 } };
    const texts: string[] = [];
    for (const template of ['{{ $_ := set .Element "a" 5 }}{{ .Element.a }}', '{{ .Element.a }}']) {
      const program = compileTemplate(template, { name: 't' });
      record(elements, (observed) => void texts.push(program.render(observed)));
    }
    assert.deepEqual(texts, ['5', '1']);
    assert.deepEqual(elements, { Element: { a: 1 } });
  });
});

describe('readKeys', () => {
  it('gives the keys that a recorded path was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string())), (keys) => {
        const Element = keys.reduceRight<Record<string, unknown> | number>((inner, key) => {
          const map: Record<string, unknown> = {};
          Object.defineProperty(map, key, { value: inner, enumerable: true });
          return map;
        }, 1);
        const reads = createRecorder()({ Element }, (observed) => JSON.stringify(observed));
        assert.deepEqual(
          reads.map(({ path }) => readKeys(path)),
          [['Element', ...keys]],
        );
      }),
    );
  });

  it('gives numbers for positions', () => {
    assert.deepEqual(readKeys('.Values.list[10]["0"].x'), ['Values', 'list', 10, '0', 'x']);
  });
});
