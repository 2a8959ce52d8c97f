import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useCommandLine } from '../harness/command-line.ts';

/** One ConfigMap for an element, whose value goes down slowly. */
const TUNED_SET = `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata:
  name: tuned
spec:
  elementKey: 'KEY'
  generators:
    - list:
        elements: [ELEMENT]
  tune:
    - name: limit
      from: "{{ .Element.mem }}"
      maxDecrease: 10%
      cooldown: 24h
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: "web-{{ .Element.id }}"
        data:
          limit: "{{ .Element.limit }}"
`;

describe('an element that loses what its key is made of', function () {
  this.timeout(60_000);
  const { folder, run, writeSet } = useCommandLine();

  const cases: [what: string, key: string, before: object, after: object, nothing: string][] = [
    ['its name is null', '{{ .Element.name }}', { name: 'web' }, { name: null }, '<no value>'],
    [
      'its label is missing',
      '{{ index .Element.metric "container" }}',
      { metric: { container: 'web' } },
      { metric: { pod: 'web' } },
      '<no value>',
    ],
    ['null is printed', '{{ printf "%v" .Element.name }}', { name: 'web' }, { name: null }, '<nil>'],
  ];
  for (const [what, key, before, after, nothing] of cases) {
    it(`keeps its value: ${what}`, async () => {
      const out = join(folder.path, 'out');
      const pass = async (element: object) => {
        const text = TUNED_SET.replace('KEY', key).replace('ELEMENT', JSON.stringify(element));
        return run('run', '--once', '--directory', out, await writeSet(text));
      };
      const read = () => readFile(join(out, 'flux-system-configmap-web-1.yaml'), 'utf8');
      const first = await pass({ id: '1', mem: '1000Mi', ...before });
      assert.equal(first.code, 0, first.stderr);
      const delivered = await read();
      const { code, stderr } = await pass({ id: '1', mem: '100Mi', ...after });
      assert.equal(code, 1, stderr);
      assert.ok(stderr.includes(`spec.elementKey holds ${nothing} for element 0`), stderr);
      assert.equal(await read(), delivered);
    });
  }
});
