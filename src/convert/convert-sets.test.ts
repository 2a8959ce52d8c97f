import assert from 'node:assert/strict';
import { generators } from '../../generators/index.ts';
import { generatorChecks } from '../api/check-generators.ts';
import { createSetValidator } from '../api/validate-set.ts';
import type { JsonObject } from '../lib/json.ts';
import { valueAt } from '../lib/value-at.ts';
import { parseYaml } from '../lib/yaml.ts';
import { type ConvertedSet, convertSets } from './convert-sets.ts';
import { globOf, splitRepository } from './pull-requests.ts';
import { formatReport } from './report.ts';

const validate = createSetValidator(
  Object.fromEntries(generators.map(({ name, schema }) => [name, schema])),
  {
    checks: generatorChecks(generators),
  },
);
const convert = (text: string, name = 'set.yaml') => convertSets([{ name, text }], { validate });

const specOf = ([set]: readonly ConvertedSet[]) => set?.value['spec'] as JsonObject;

const GITOPS_SET = `# who owns this
apiVersion: sets.gitops.pro/v1alpha1
kind: GitOpsSet
metadata:
  name: teams
  uid: 1-2
  finalizers: [finalizers.sets.gitops.pro]
spec:
  generators:
    # by hand
    - list:
        elements:
          - name: a # the first
          - name: b
  typo: 1
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata:
          # one each
          name: "{{ .Element.name }}"
        data:
          text: |
            two
            lines
status: {conditions: []}
`;

describe('a converted file', () => {
  it('says of each field that is not in the result what becomes of it, and where it stands', () => {
    const { sets, errors } = convert(GITOPS_SET);
    assert.deepEqual(errors, []);
    assert.deepEqual(
      sets[0]?.reports.map((report) => formatReport(report).replace(/(differs): .*/, '$1')),
      [
        'set.yaml:3:1: kind: differs',
        'set.yaml:6:3: metadata.uid: left out: written by the cluster',
        'set.yaml:7:3: metadata.finalizers: left out: written by the cluster',
        'set.yaml:15:3: spec.typo: not carried over: nothing is known of this field; see whether the result needs it',
        'set.yaml:27:1: status: left out: written by the cluster',
      ],
    );
  });

  it('keeps comments, and has above it what to look at', () => {
    const { yaml = '' } = convert(GITOPS_SET).sets[0] ?? {};
    assert.match(
      yaml,
      /^# who owns this\n# Converted from a GitOpsSet\. What is not as it was:\n# - kind: differs: /,
    );
    assert.match(yaml, /^# - spec\.typo: not carried over: /m);
    assert.match(yaml, /\n {2}# by hand\n {2}- list:/);
    assert.match(yaml, /- name: a # the first\n/);
    assert.match(yaml, /\n {8}# one each\n {8}name: /);
    assert.doesNotMatch(yaml, /^# - (?:status|metadata)/m);
  });

  it('reads back as the very set', () => {
    const [set] = convert(GITOPS_SET).sets;
    assert.deepEqual(parseYaml(set?.yaml ?? ''), set?.value);
  });

  it('may hold several sets, lists of them, and objects that are passed over', () => {
    const item = GITOPS_SET.replace(/^# .*\n/, '').replace(/\n$/, '');
    const list = `apiVersion: v1\nkind: List\nitems:\n${['a', 'b'].map((name) => item.replace('teams', name).replace(/^/gm, '    ').replace('    ', '  - ')).join('\n')}\n`;
    const { sets, reports, errors } = convert(`${list}---\nkind: Namespace\nmetadata: {name: x}\n`);
    assert.deepEqual(errors, []);
    assert.deepEqual(
      sets.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.match(reports.map(formatReport).join(), /^set\.yaml:\d+:1: the object: left out: only GitOpsSets/);
  });

  it('names the groups of a kind where apiVersion is missing or of another', () => {
    for (const apiVersion of ['', 'apiVersion: example.com/v1\n']) {
      const { sets, reports } = convert(`${apiVersion}kind: ApplicationSet\nmetadata: {name: x}\n`);
      assert.deepEqual(sets, []);
      assert.match(
        reports.map(formatReport).join(),
        /^set\.yaml:1:1: the object: left out: its apiVersion is .* ApplicationSets: argoproj\.io$/,
      );
    }
  });

  it('that makes no valid set is an error at the place of the input, beside the sets of others', () => {
    const wrong = `---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: x, annotations: {fluxcd.controlplane.io/reconcileEvery: often}}
spec:
  inputs: [{a: 1}]
  resources:
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: << inputs.a | nosuch >>}
---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: other, annotations: {fluxcd.controlplane.io/reconcileEvery: often}}
spec:
  resources: [{kind: x}]
`;
    const { sets, errors } = convert(GITOPS_SET + wrong);
    assert.equal(sets.length, 1);
    assert.equal(errors.length, 2);
    assert.match(
      errors[0]?.message ?? '',
      /^set\.yaml:37:38: spec\.resources\[0\]\.metadata\.name: function "nosuch" not defined/,
    );
    assert.match(errors[1]?.message ?? '', /^set\.yaml:41:\d+: spec\.interval: /);
  });

  it('that is no YAML, nests too deep or has a key of the prototype is refused', () => {
    for (const text of ['a: [', `a: ${'['.repeat(80)}`, 'kind: GitOpsSet\n__proto__: {a: 1}', 'a: 1\na: 2']) {
      const { sets, errors } = convert(text);
      assert.deepEqual([sets.length, errors.length], [0, 1], text);
      assert.match(errors[0]?.message ?? '', /^set\.yaml:\d+:\d+: /);
    }
  });

  it('with thousands of fields that nobody knows is refused rather than listed', () => {
    const fields = Array.from({ length: 3000 }, (_, index) => `  x${index}: 1\n`).join('');
    const { errors } = convert(GITOPS_SET.replace('  typo: 1\n', fields));
    assert.match(errors[0]?.message ?? '', /more than 1000 fields/);
  });

  it('puts nothing of the input into the lines above it that could end a comment', () => {
    const { sets } = convert(GITOPS_SET.replace('  typo: 1', '  "a\\u2028kind: X\\n\\u0085b": 1'));
    const lines = (sets[0]?.yaml ?? '').split(/[\n\u0085\u2028\u2029]/);
    assert.ok(lines.every((line) => !line.startsWith('kind: X') && !line.startsWith('b"')));
    assert.deepEqual(parseYaml(sets[0]?.yaml ?? ''), sets[0]?.value);
  });

  it('keeps comments in their lines, whatever other readers of YAML take for a line break', () => {
    for (const end of ['\r', '\u0085', '\u2028', '\u2029']) {
      const text = GITOPS_SET.replace('owns this', `owns${end}kind: X`).replace(
        'the first',
        `the${end}first: 1`,
      );
      const { yaml = '', value } = convert(text).sets[0] ?? {};
      assert.match(yaml, /^# who owns kind: X\n/);
      assert.match(yaml, /- name: a # the first: 1\n/);
      assert.doesNotMatch(yaml, /[\r\u0085\u2028\u2029]/);
      assert.deepEqual(parseYaml(yaml), value);
    }
  });

  it('has the delimiters of the group that GitOpsSets were of before', () => {
    const { sets } = convert(
      GITOPS_SET.replace('sets.gitops.pro', 'templates.weave.works')
        .replace('  uid: 1-2', '  annotations: {templates.weave.works/delimiters: "$[,]"}')
        .replace('"{{ .Element.name }}"', '"$[ .Element.name ]{{ kept }}"'),
    );
    assert.deepEqual(valueAt(sets[0]?.value ?? {}, ['metadata', 'annotations']), {
      'generatorset.dev/delimiters': '$[,]',
    });
  });

  it('has the functions of GitOpsSets that give another value each time, with the permission that they need', () => {
    const { sets, errors } = convert(
      GITOPS_SET.replace('{{ .Element.name }}', '{{ .Element.name }}-{{ now | unixEpoch }}'),
    );
    assert.deepEqual(errors, []);
    assert.equal(specOf(sets)['allowNonDeterministic'], true);
  });

  it('with an entry of several generators has one entry for each, in the order in which they ran', () => {
    const text = GITOPS_SET.replace('    - list:', '    - config: {kind: ConfigMap, name: x}\n      list:');
    const { sets } = convert(text);
    const entries = specOf(sets)['generators'] as JsonObject[];
    assert.deepEqual(
      entries.map((entry) => Object.keys(entry)),
      [['list'], ['config']],
    );
  });
});

describe('an input provider', () => {
  const provider = `apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: {name: tags, namespace: a}
spec: {type: OCIArtifactTag, url: oci://ghcr.io/x/y}
`;
  it('that no set names is left over, and said to be', () => {
    const { sets, reports } = convert(provider);
    assert.equal(sets.length, 0);
    assert.match(
      formatReport(reports[0] as never),
      /^set\.yaml:1:1: the object: not carried over: no ResourceSet that was given/,
    );
  });

  it('is not found by a selector that is none, which is said', () => {
    for (const selector of [
      '{matchExpressions: true}',
      '{matchExpressions: [null]}',
      '{matchLabels: [x]}',
      'x',
    ]) {
      const set = `---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: x, namespace: a}
spec: {inputs: [{}], inputsFrom: [{selector: ${selector}}], resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]}
`;
      const { sets } = convert(provider + set);
      const reports = sets[0]?.reports.map(formatReport).join('\n') ?? '';
      assert.match(reports, /spec\.inputsFrom\[0\]: not carried over: no such/, selector);
    }
  });

  it('of a type that nothing here is like leaves a set without generators, which is an error that says why', () => {
    const set = `---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: x, namespace: a}
spec: {inputsFrom: [{name: tags}], resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]}
`;
    const { errors } = convert(provider + set);
    assert.match(
      errors[0]?.message ?? '',
      /no generator is left[\s\S]*set\.yaml:1:1: .*imagePolicy generator/,
    );
  });
});

describe('a regular expression for branches', () => {
  const cases: readonly (readonly [expression: string, glob: string | undefined])[] = [
    ['^main$', 'main'],
    ['^feature/.*$', 'feature/**'],
    ['^feature/.*', 'feature/**'],
    ['^feature\\/', 'feature/**'],
    ['feature', undefined],
    ['^(a|b)$', undefined],
    ['^feat.*$', undefined],
    ['.*', undefined],
  ];
  for (const [expression, glob] of cases)
    it(`${expression} is ${glob ?? 'no glob'}`, () => {
      assert.equal(globOf(expression), glob);
    });
});

describe('the address of a repository', () => {
  it('is a server and a name below it', () => {
    assert.deepEqual(splitRepository('https://git.example.com/a/b/c.git'), {
      serverURL: 'https://git.example.com',
      repo: 'a/b/c',
    });
    for (const url of ['http://x/a/b', 'https://u:p@x/a/b', 'https://x/a', 'x', 'https://x/a/b?c'])
      assert.equal(splitRepository(url), undefined, url);
  });
});
