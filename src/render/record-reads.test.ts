import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recordReads } from './record-reads.ts';
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
  return recordReads(data, (observed) => program.render(observed));
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
        recordReads({ Element }, (observed) =>
          assert.deepEqual(JSON.stringify(observed), JSON.stringify({ Element })),
        );
      }),
    );
  });

  it('reaches no prototype', () => {
    const Element = JSON.parse('{"__proto__": {"polluted": true}}');
    const [read] = recordReads({ Element }, (observed) => JSON.stringify(observed));
    assert.deepEqual(read, { path: '.Element.__proto__.polluted', value: true });
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });
});
