import assert from 'node:assert/strict';
import { processorTime } from '../../test/harness/processor-time.ts';
import { configMap, createSet, fromList } from '../../test/harness/template-sets.ts';
import type { Element } from '../api/element.ts';
import { createYamlSource } from '../api/yaml-source.ts';
import { parseYamlDocuments } from '../lib/yaml.ts';
import { render } from './render.ts';
import type { TemplateSet } from './template-set.ts';

const FILE = `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata: {name: set, namespace: flux-system}
spec:
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: "{{ .Element.nam }}"
          labels:
            x: \${{ .Element.n }}
        data:
          patch: |
            a: 1
            b: {{ .Element.missing.x }}
          broken: KEY
`;

function renderFile(file: string, elements: Element[]): Error {
  const [yaml] = parseYamlDocuments(file);
  const set = (yaml?.value ?? assert.fail()) as unknown as TemplateSet;
  const source = createYamlSource('set.yaml', file, { yaml: yaml ?? assert.fail() });
  try {
    render({ set, source, elements: fromList(elements) });
  } catch (error) {
    return error as Error;
  }
  return assert.fail('must throw');
}

describe('render, when templates fail,', () => {
  it('shows all errors at once, each at its place in the file', () => {
    const error = renderFile(FILE, [{ n: 1 }]);
    assert.equal(error.name, 'RenderError');
    const lines = error.message.split('\n');
    assert.deepEqual(
      lines.filter((line) => line.startsWith('set.yaml')).map((line) => line.replace(/ .*/, '')),
      ['set.yaml:10:29:', 'set.yaml:16:27:'],
    );
    assert.match(
      lines[0] ?? '',
      /map has no entry for key "nam" \(templates\[0\], element generators\[0\]\.list\[0\]\)$/,
    );
    assert.equal(lines[1], '              name: "{{ .Element.nam }}"');
    assert.equal(lines[2]?.indexOf('^'), 4 + 28);
  });

  it('quotes no value of an element that may hold those of a Secret, but says which key is missing', () => {
    const set = createSet([
      { content: configMap({ a: '{{ fail .Element.password }}', b: '{{ .Element.gone }}' }) },
    ]);
    const elements = fromList([{ password: 'canary-77aa' }]).map((it) => ({ ...it, isSecret: true }));
    assert.throws(
      () => render({ set, elements }),
      ({ message }: Error) => {
        assert.doesNotMatch(message, /canary/);
        assert.match(message, /data\.a: fails on values \(from a Secret\), so that the reason is not shown/);
        assert.match(message, /data\.b: map has no entry for key "gone"/);
        return true;
      },
    );
  });

  it('stalls when a template does not parse', () => {
    const error = renderFile(FILE.replace('KEY', '"{{ if }}"'), []);
    assert.equal(error.name, 'ErrorList');
    assert.match(error.message, /^set\.yaml:17:\d+: missing value for if \(templates\[0\]\)\n/);
  });

  it('says to quote a number where Kubernetes wants a string', () => {
    const file = FILE.replace('.Element.nam ', '.Element.name ').replace('.Element.missing.x', '.Element.n');
    const dollar = file.replace(
      'flux-system}',
      'flux-system, annotations: {generatorset.dev/delimiters: "${{,}}"}}',
    );
    const error = renderFile(dollar.replace('"{{ .Element.name }}"', 'x'), [{ n: 5 }]);
    assert.match(
      error.message,
      /^set\.yaml:12:16: metadata\.labels\["x"\] must be a string, and is the number 5: quote it/,
    );
  });

  it('says what YAML made of a key that is missing', () => {
    const set = createSet([{ content: configMap({ a: '{{ .Element.n }}' }) }]);
    const hint = 'YAML reads the key n without quotes as false, so write "n": in the file';
    assert.throws(() => render({ set, elements: fromList([{ false: 1 }]) }), {
      message: `spec.templates[0].content.data.a: map has no entry for key "n": ${hint} (templates[0], element generators[0].list[0])`,
    });
  });

  it('finds the leaf of one error in many elements soon', () => {
    const lines = Array.from({ length: 300 }, (_, n) => [`k${n}`, `some text ${n}`] as const);
    const data = {
      ...Object.fromEntries(lines),
      a: '{{ range .Element.l }}',
      b: '{{ end }}{{ .Element.x }}',
    };
    const elements = fromList(Array.from({ length: 2000 }, () => ({ l: [1] })));
    const started = processorTime();
    assert.throws(() => render({ set: createSet([{ content: configMap(data) }]), elements }), {
      message: /^spec\.templates\[0\]\.content\.data\.b: map has no entry for key "x"/,
    });
    assert.ok(processorTime() - started < 3000);
  });

  it('stops when all of them take too long together', () => {
    let hours = 0;
    const clock = () => performance.now() + hours * 3_600_000;
    const set = createSet([{ content: configMap({ a: '{{ .Element.v }}' }) }]);
    const elements = fromList(Array.from({ length: 1000 }, () => ({ v: 1 })));
    Object.defineProperty(elements[2]?.element, 'v', { enumerable: true, get: () => ++hours });
    assert.throws(() => render({ set, elements, clock }), {
      name: 'RenderError',
      message:
        /^spec\.templates\[0\]: rendering takes longer than 10 s: .*element generators\[0\]\.list\[3\]\)$/m,
    });
    assert.equal(hours, 1);
  });

  it('shows twenty errors, and counts the others', () => {
    const elements = Array.from({ length: 30 }, () => ({}));
    const error = renderFile(FILE, elements);
    assert.equal(error.message.match(/^set\.yaml/gm)?.length, 20);
    assert.ok(error.message.endsWith('\n... and 70 more'));
  });
});
