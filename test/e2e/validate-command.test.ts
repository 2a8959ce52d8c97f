import assert from 'node:assert/strict';
import { useCommandLine } from '../harness/command-line.ts';

/** A set whose matrix has a list and, from line 11, another child. */
function matrixSet(child: string, annotations = ''): string {
  return `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata:
  name: chained
${annotations ? `  annotations: {generatorset.dev/delimiters: "${annotations}"}` : '  labels: {a: b}'}
spec:
  generators:
    - matrix:
        generators:
          - {name: cluster, list: {elements: [{host: eu}, {host: us, port: 80}]}}
          - ${child}
  templates:
    - content: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
`;
}

const api = (endpoint: string, more = '') => `apiClient: {interval: 1h, endpoint: "${endpoint}"${more}}`;

describe('validate, of chained generators', function suite() {
  this.timeout(60_000);
  const { folder, run, writeSet } = useCommandLine();

  const good: [what: string, set: string][] = [
    ['templates that read what is there', matrixSet(api('https://{{ .Element.cluster.host }}/'))],
    [
      'templates with delimiters of the set',
      matrixSet(api('https://[[ .Element.cluster.host ]]/{{x'), '[[,]]'),
    ],
    ['the name of the set', matrixSet(api('https://a/{{ .GeneratorSet.Name }}'))],
  ];
  for (const [what, set] of good) {
    it(`takes ${what}`, async () => {
      const { code, stdout, stderr } = await run('validate', await writeSet(set));
      assert.equal(stderr, '');
      assert.match(stdout, /chained +True/);
      assert.equal(code, 0);
    });
  }

  it('prints no table where there is no verdict', async () => {
    const { code, stdout, stderr } = await run('validate', await writeSet(matrixSet('{list: 1}')));
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /✗ /);
  });

  it('says which files of a folder it has passed over', async () => {
    await writeSet(matrixSet('list: {elements: [{}]}'));
    await writeSet('a: 1\n'.repeat(1024 * 1024), 'large.yaml');
    const { code, stderr } = await run('validate', folder.path);
    assert.equal(code, 0);
    assert.match(stderr, /^⚠️ passed over: \S+large\.yaml is larger than 4 MiB\n$/);
  });

  const bad: [what: string, set: string, line: RegExp][] = [
    [
      'a template that does not parse',
      matrixSet(api('https://{{ .Element.cluster.host }/')),
      /set\.yaml:11:\d+: .*\n.*\n +\^/,
    ],
    [
      'a function that does not exist',
      matrixSet(api('https://{{ .Element.cluster.host | upcase }}/')),
      /set\.yaml:11:85: .*function "upcase" not defined/,
    ],
    [
      'a field that no element has',
      matrixSet(api('https://{{ .Element.cluster.hots }}/')),
      /set\.yaml:11:\d+: .*map has no entry for key "hots"/,
    ],
    [
      'a field that one element lacks, deep in the spec',
      matrixSet(api('https://a/', ', body: {deep: [{port: "{{ .Element.cluster.port }}"}]}')),
      /set\.yaml:11:\d+: .*map has no entry for key "port"/,
    ],
    [
      'an element that is not there for the first child',
      matrixSet(api('https://a/')).replace('{host: eu}', '{host: "{{ .Element.host }}"}'),
      /set\.yaml:10:\d+: .*map has no entry for key "host"/,
    ],
    [
      'a template in a merge in the matrix',
      matrixSet(`merge: {keys: [a], generators: [{${api('https://{{ nothing }}/')}}]}`),
      /set\.yaml:11:\d+: .*function "nothing" not defined/,
    ],
  ];
  for (const [what, set, line] of bad) {
    it(`refuses ${what}, and says where`, async () => {
      const { code, stdout, stderr } = await run('validate', await writeSet(set));
      assert.match(stderr, line);
      assert.match(stdout, /chained +False/);
      assert.equal(code, 1);
      assert.equal(stderr.match(/set\.yaml:\d+:\d+/g)?.length, 1, stderr);
    });
  }
});
