import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readSample, sampleSchemas, sampleSet, validateSample } from '../../test/harness/sample-sets.ts';
import type { JsonObject } from '../lib/json.ts';
import { parseYamlDocuments } from '../lib/yaml.ts';
import { ErrorList, StalledError } from './errors.ts';
import { readGeneratorSets } from './read-sets.ts';
import { createSetValidator } from './validate-set.ts';
import { createYamlSource } from './yaml-source.ts';

const longName = 'n'.repeat(64);

/** What somebody writes as the spec, and every line of the error. */
const badSpecs: [title: string, spec: string, errors: string[]][] = [
  [
    'a generator in the wrong case',
    'generators:\n  - apiclient: {}',
    ['6:7: spec.generators[0]: unknown field "apiclient", did you mean "apiClient"?'],
  ],
  [
    'a field in the singular',
    'generator: []',
    ['5:3: spec: unknown field "generator", did you mean "generators"?'],
  ],
  [
    'a generator that does not exist',
    'generators: [{prometheus: {}}]',
    [
      '5:17: spec.generators[0]: unknown field "prometheus"; known fields are name, list, apiClient and gitDirectory',
    ],
  ],
  [
    'a field of a later version',
    'tune: []',
    [
      '5:3: spec: unknown field "tune"; known fields are interval, suspend, serviceAccountName, numbers, ' +
        'dialect, allowNonDeterministic, elementKey, generators, templates, guard and target',
    ],
  ],
  [
    'no generator in an entry',
    'generators: [{}]',
    ['5:16: spec.generators[0]: needs exactly one of list, apiClient, gitDirectory; it has none'],
  ],
  [
    'an entry with a name only',
    'generators: [{name: a}]',
    ['5:16: spec.generators[0]: needs exactly one of list, apiClient, gitDirectory; it has none'],
  ],
  [
    'two generators in one entry',
    'generators:\n  - list: {elements: []}\n    gitDirectory: {url: x, files: []}',
    [
      '6:7: spec.generators[0]: needs exactly one of list, apiClient, gitDirectory; it has list and gitDirectory',
    ],
  ],
  ['no generators', 'generators: []', ['5:15: spec.generators: is an empty list, needs at least one entry']],
  [
    'an object of generators',
    'generators: {list: {}}',
    ['5:15: spec.generators: is an object, must be a list'],
  ],
  ['generators without a value', 'generators:', ['5:3: spec.generators: is empty, must be a list']],
  [
    'a generator without a value',
    'generators:\n  - list:',
    ['6:7: spec.generators[0].list: is empty, must be an object'],
  ],
  [
    'a missing field of a generator',
    'generators: [{list: {}}]',
    ['5:23: spec.generators[0].list: missing field "elements"'],
  ],
  [
    'elements that are no objects',
    'generators: [{list: {elements: [a, 1, {}]}}]',
    [
      '5:35: spec.generators[0].list.elements[0]: is a string, must be an object',
      '5:38: spec.generators[0].list.elements[1]: is a number, must be an object',
    ],
  ],
  [
    'an interval without a unit',
    'interval: 24',
    ['5:13: spec.interval: is a number, must be a string such as 24h'],
  ],
  [
    'an interval in days',
    'interval: 1d',
    ['5:13: spec.interval: is "1d", must be a duration such as 24h or 5m30s'],
  ],
  [
    'a negative interval',
    'interval: -5s',
    ['5:13: spec.interval: is "-5s", must be a duration such as 24h or 5m30s'],
  ],
  ['an interval of nothing', 'interval: 0s', ['5:13: spec.interval: is 0s, must be at least 5s']],
  ['a short interval', 'interval: 1ms', ['5:13: spec.interval: is 1ms, must be at least 5s']],
  ['a long interval', 'interval: 8761h', ['5:13: spec.interval: is 8761h, must be at most 8760h']],
  [
    'an interval beyond 64 bits',
    'interval: 9999999999h',
    ['5:13: spec.interval: "9999999999h" is longer than a duration can be (292 years)'],
  ],
  [
    'a long text as interval',
    `interval: ${'1s'.repeat(40)}`,
    ['5:13: spec.interval: is longer than 64 characters'],
  ],
  [
    'a short interval of a generator',
    'generators:\n  - apiClient:\n      interval: 4.9s\n      endpoint: http://a',
    ['7:19: spec.generators[0].apiClient.interval: is 4.9s, must be at least 5s'],
  ],
  [
    'an endpoint that is no URL, without its password',
    'generators: [{apiClient: {interval: 5m, endpoint: "ftp://user:secret@host"}}]',
    ['5:53: spec.generators[0].apiClient.endpoint: must be a URL that begins with http:// or https://'],
  ],
  [
    'a value that is not in the list',
    'generators: [{apiClient: {interval: 5m, endpoint: http://a, method: PSOT}}]',
    ['5:71: spec.generators[0].apiClient.method: is "PSOT", must be GET or POST; did you mean "POST"?'],
  ],
  [
    'a number of the wrong size and of the wrong type',
    'generators:\n  - apiClient: {interval: 5m, endpoint: http://a, retries: 6}\n  - apiClient: {interval: 5m, endpoint: http://a, retries: 1.5}',
    [
      '6:62: spec.generators[0].apiClient.retries: is 6, must be at most 5',
      '7:62: spec.generators[1].apiClient.retries: is a number, must be a whole number',
    ],
  ],
  [
    'an integer beyond what a number holds',
    'generators: [{apiClient: {interval: 5m, endpoint: http://a, retries: 12345678901234567890}}]',
    ['5:72: spec.generators[0].apiClient.retries: is a number beyond 2^53, must be a whole number'],
  ],
  [
    'a pattern without words',
    'generators: [{apiClient: {interval: 5m, endpoint: http://a, label: abc}}]',
    ['5:70: spec.generators[0].apiClient.label: is "abc", must have the form that is described: Two letters'],
  ],
  [
    'none of two fields of which one is needed',
    'generators: [{gitDirectory: {url: a}}]',
    ['5:31: spec.generators[0].gitDirectory: needs at least one of directories, files; it has none'],
  ],
  [
    'none of the types that are allowed',
    'generators: [{gitDirectory: {url: a, files: [], exclude: 5}}]',
    ['5:60: spec.generators[0].gitDirectory.exclude: must be a string or a list'],
  ],
  [
    'a mistake inside one of the types that are allowed',
    'generators: [{gitDirectory: {url: a, files: [], exclude: [5]}}]',
    ['5:61: spec.generators[0].gitDirectory.exclude[0]: is a number, must be a string: put it in quotes'],
  ],
  [
    'none and both of two fields',
    'generators:\n  - gitDirectory: {url: a, files: [], ref: {}}\n  - gitDirectory: {url: a, files: [], ref: {tag: a, branch: b}}',
    [
      '6:46: spec.generators[0].gitDirectory.ref: must not be empty; give one of branch, tag',
      '7:46: spec.generators[1].gitDirectory.ref: has more than one field; give one of branch, tag',
    ],
  ],
  [
    'lists with too many and with equal entries',
    'generators: [{gitDirectory: {url: a, files: [a, b, c], directories: [a, a]}}]',
    [
      '5:47: spec.generators[0].gitDirectory.files: has more than 2 entries',
      '5:71: spec.generators[0].gitDirectory.directories: has the same entry twice',
    ],
  ],
  [
    'a name that is used twice',
    'generators:\n  - {name: a, list: {elements: []}}\n  - {name: a, list: {elements: []}}',
    ['7:14: spec.generators[1].name: "a" is the name of spec.generators[0] too'],
  ],
  [
    'a name that is no word',
    'generators: [{name: "a b", list: {elements: []}}]',
    ['5:23: spec.generators[0].name: is "a b", must be a word of letters, digits, "-" and "_"'],
  ],
  ['no templates', 'templates: []', ['5:14: spec.templates: is an empty list, needs at least one entry']],
  [
    'an empty template',
    'templates: [{}]',
    ['5:15: spec.templates[0]: needs exactly one of content, text; it has none'],
  ],
  [
    'content and text',
    'templates: [{content: {a: b}, text: x}]',
    ['5:15: spec.templates[0]: needs exactly one of content, text; it has content and text'],
  ],
  [
    'content as text',
    'templates:\n  - content: |\n      a: b',
    ['6:16: spec.templates[0].content: is a string, must be an object'],
  ],
  ['empty content', 'templates: [{content: {}}]', ['5:25: spec.templates[0].content: must not be empty']],
  ['empty text', 'templates: [{text: ""}]', ['5:22: spec.templates[0].text: must not be empty']],
  [
    'text that is an object',
    'templates: [{text: {a: b}}]',
    ['5:22: spec.templates[0].text: is an object, must be a string'],
  ],
  [
    'repeat that is a list',
    'templates: [{text: a, repeat: [x]}]',
    ['5:33: spec.templates[0].repeat: is a list, must be a string'],
  ],
  ['suspend as a string', 'suspend: "true"', ['5:12: spec.suspend: is a string, must be true or false']],
  ['numbers of another kind', 'numbers: int64', ['5:12: spec.numbers: is "int64", must be exact or go']],
  ['an empty key', 'elementKey: ""', ['5:15: spec.elementKey: must not be empty']],
  [
    'an empty service account',
    'serviceAccountName: ""',
    [
      '5:23: spec.serviceAccountName: must not be empty, must be a Kubernetes name: lower case letters, digits, "-" and "."',
    ],
  ],
  ...['" "', '../x', 'a..b', 'Tenant', '-a', 'a_b'].map((name): [string, string, string[]] => [
    `the service account ${name}`,
    `serviceAccountName: ${name}`,
    [
      `5:23: spec.serviceAccountName: is "${name.replaceAll('"', '')}", must be a Kubernetes name: lower case letters, digits, "-" and "."`,
    ],
  ]),
  [
    'the service account of a group',
    'serviceAccountName: system:masters',
    ['5:23: spec.serviceAccountName: must be a Kubernetes name: lower case letters, digits, "-" and "."'],
  ],
  [
    'an unknown rule of the guard',
    'guard: {onEmpty: keep}',
    ['5:20: spec.guard.onEmpty: is "keep", must be hold, prune or fail'],
  ],
  [
    'a share beyond all',
    'guard: {maxPrune: 101%}',
    ['5:21: spec.guard.maxPrune: is "101%", must be a percentage such as 20%, or a number without quotes'],
  ],
  [
    'a share without a sign',
    'guard: {maxPrune: "20"}',
    ['5:21: spec.guard.maxPrune: is "20", must be a percentage such as 20%, or a number without quotes'],
  ],
  ['a negative number', 'guard: {maxPrune: -1}', ['5:21: spec.guard.maxPrune: is -1, must be at least 0']],
  [
    'a fraction',
    'guard: {maxPrune: 0.2}',
    ['5:21: spec.guard.maxPrune: is a number, must be a whole number or a string such as 20%'],
  ],
  [
    'no target in target',
    'target: {}',
    ['5:11: spec.target: needs exactly one of git, directory; it has none'],
  ],
  [
    'two targets',
    'target: {git: {url: https://a/b}, directory: {path: out}}',
    ['5:11: spec.target: needs exactly one of git, directory; it has git and directory'],
  ],
  [
    'a target that does not exist',
    'target: {apply: {}}',
    ['5:12: spec.target: unknown field "apply"; known fields are git and directory'],
  ],
  [
    'no repository',
    'target: {git: {}}',
    ['5:17: spec.target.git: needs exactly one of url, sourceRef; it has none'],
  ],
  [
    'a source of another kind',
    'target: {git: {sourceRef: {kind: OCIRepository, name: a}}}',
    ['5:36: spec.target.git.sourceRef.kind: is "OCIRepository", must be GitRepository'],
  ],
  [
    'a Secret of another namespace',
    'target: {git: {url: https://a/b, secretRef: {name: a, namespace: b}}}',
    ['5:57: spec.target.git.secretRef: unknown field "namespace"; the only field is name'],
  ],
  [
    'a password in the URL, without the password',
    'target: {git: {url: "https://user:hunter2@a/b"}}',
    [
      "5:23: spec.target.git.url: the repository's url has a password; put it in the Secret that secretRef names",
    ],
  ],
  [
    'a URL that would run a program',
    'target: {git: {url: "ext::sh -c id"}}',
    ["5:23: spec.target.git.url: the repository's url has a space or a control character"],
  ],
  [
    'branches that are options',
    'target: {git: {url: https://a/b, branch: --force, push: {branch: +main}}}',
    [
      '5:44: spec.target.git.branch: branch "--force" begins with "-" or "+"',
      '5:68: spec.target.git.push.branch: branch "+main" begins with "-" or "+"',
    ],
  ],
  ...['../x', '/etc', 'a/../../b', '.git/hooks', 'a//b', '..'].map((path): [string, string, string[]] => [
    `the path ${path}`,
    `target: {git: {url: https://a/b, path: ${path}}}`,
    [`5:42: spec.target.git.path: file path "${path}" ${problemOf(path)}`],
  ]),
  [
    'an author with a second address',
    'target: {git: {url: https://a/b, commit: {author: {name: "a <b>", email: "a\\nb"}}}}',
    [
      '5:60: spec.target.git.commit.author.name: is "a <b>", must be one line without "<" and ">"',
      '5:76: spec.target.git.commit.author.email: is "a\\nb", must be one line without "<" and ">"',
    ],
  ],
  [
    'an author without an address',
    'target: {git: {url: https://a/b, commit: {author: {name: a}}}}',
    ['5:53: spec.target.git.commit.author: missing field "email"'],
  ],
  [
    'a directory without a path',
    'target: {directory: {}}',
    ['5:23: spec.target.directory: missing field "path"'],
  ],
  [
    'all mistakes at once, in the order of the file',
    'guard: {onEmpty: 5}\ninterval: 1\ntemplates: [{}]',
    [
      '5:20: spec.guard.onEmpty: is a number, must be hold, prune or fail',
      '6:13: spec.interval: is a number, must be a string such as 24h',
      '7:15: spec.templates[0]: needs exactly one of content, text; it has none',
    ],
  ],
];

function problemOf(path: string): string {
  if (path.startsWith('/')) return 'is absolute; it must be relative to the target';
  if (path.includes('//')) return 'has an empty name in it (a leading, trailing or double "/")';
  if (path.includes('.git'))
    return 'has a name that begins with a dot; such names configure Git and other tools';
  return 'is not normalised: "." and ".." are refused';
}

const spec = 'spec: {generators: [{list: {elements: []}}], templates: [{text: x}]}';
const head = 'apiVersion: generatorset.dev/v1alpha1\nkind: GeneratorSet\n';

/** What somebody writes around the spec. */
const badObjects: [title: string, text: string, errors: string[]][] = [
  ['no metadata', `${head}${spec}`, ['1:1: missing field "metadata"']],
  ['no name', `${head}metadata: {}\n${spec}`, ['3:11: metadata: missing field "name"']],
  ['no spec', `${head}metadata: {name: a}`, ['1:1: missing field "spec"']],
  [
    'a misspelled spec',
    `${head}metadata: {name: a}\n${spec.replace('spec', 'spek')}`,
    ['4:1: unknown field "spek", did you mean "spec"?'],
  ],
  [
    'another version',
    `${head.replace('v1alpha1', 'v1')}metadata: {name: a}\n${spec}`,
    ['1:13: apiVersion: is "generatorset.dev/v1", must be "generatorset.dev/v1alpha1"'],
  ],
  [
    'another kind of the group',
    `${head.replace('GeneratorSet', 'Generatorset')}metadata: {name: a}\n${spec}`,
    ['2:7: kind: is "Generatorset", must be "GeneratorSet"'],
  ],
  ['no version', `kind: GeneratorSet\nmetadata: {name: a}\n${spec}`, ['1:1: missing field "apiVersion"']],
  [
    'a name that Kubernetes refuses',
    `${head}metadata: {name: My_Set}\n${spec}`,
    ['3:18: metadata.name: is "My_Set", must be a Kubernetes name: lower case letters, digits, "-" and "."'],
  ],
  [
    'a name that no label can hold',
    `${head}metadata: {name: ${longName}}\n${spec}`,
    ['3:18: metadata.name: is longer than 63 characters'],
  ],
  [
    'a name that YAML reads as true',
    `${head}metadata: {name: y}\n${spec}`,
    ['3:18: metadata.name: is a boolean, must be a string such as podinfo-memory: put it in quotes'],
  ],
  [
    'a namespace with a dot',
    `${head}metadata: {name: a, namespace: b.c}\n${spec}`,
    ['3:32: metadata.namespace: is "b.c", must be a namespace: lower case letters, digits and "-"'],
  ],
  [
    'labels and annotations that are no strings',
    `${head}metadata:\n  name: a\n  labels: {app/b: 1}\n  annotations: {c: yes}\n${spec}`,
    [
      '5:19: metadata.labels["app/b"]: is a number, must be a string: put it in quotes',
      '6:20: metadata.annotations.c: is a boolean, must be a string: put it in quotes',
    ],
  ],
  [
    'a misspelled field of metadata',
    `${head}metadata: {name: a, lables: {}}\n${spec}`,
    ['3:21: metadata: unknown field "lables", did you mean "labels"?'],
  ],
  ['a list as spec', `${head}metadata: {name: a}\nspec: []`, ['4:7: spec: is a list, must be an object']],
];

describe('createSetValidator', () => {
  for (const [title, text, errors] of badSpecs) {
    it(`reports ${title}`, () => {
      assert.deepEqual(
        readSample(sampleSet(text)).lines,
        errors.map((line) => `set.yaml:${line}`),
      );
    });
  }
  for (const [title, text, errors] of badObjects) {
    it(`reports ${title}`, () => {
      assert.deepEqual(
        readSample(text).lines,
        errors.map((line) => `set.yaml:${line}`),
      );
    });
  }

  it('fills in the defaults', () => {
    const { sets, lines } = readSample(sampleSet('target: {git: {url: https://a/b}}'));
    assert.deepEqual(lines, []);
    assert.deepEqual(sets[0]?.set, {
      apiVersion: 'generatorset.dev/v1alpha1',
      kind: 'GeneratorSet',
      metadata: { name: 'test', namespace: 'flux-system' },
      spec: {
        suspend: false,
        numbers: 'exact',
        dialect: 'go',
        allowNonDeterministic: false,
        generators: [{ list: { elements: [] } }],
        templates: [{ text: 'x' }],
        guard: { onEmpty: 'hold', maxPrune: '20%' },
        target: { git: { url: 'https://a/b', branch: 'main', path: '.' } },
      },
    });
  });

  it('gives sets without a namespace the one that it is told', () => {
    const validate = createSetValidator(sampleSchemas, { namespace: 'tenant' });
    const text = `${sampleSet('suspend: true')}---\n${sampleSet('suspend: true').replace('test', 'test, namespace: own')}`;
    const { sets } = readGeneratorSets(text, 'set.yaml', { validate });
    assert.deepEqual(
      sets.map(({ set }) => set.metadata.namespace),
      ['tenant', 'own'],
    );
  });

  it('fills in the defaults of generators and of half a guard', () => {
    const text = 'generators: [{apiClient: {interval: 5m, endpoint: http://a}}]\nguard: {maxPrune: 3}';
    const set = readSample(sampleSet(text)).sets[0]?.set;
    assert.deepEqual(set?.spec.generators, [
      { apiClient: { interval: '5m', endpoint: 'http://a', method: 'GET' } },
    ]);
    assert.deepEqual(set?.spec.guard, { onEmpty: 'hold', maxPrune: 3 });
  });

  it('leaves the branch to the source', () => {
    const { sets } = readSample(sampleSet('target: {git: {sourceRef: {kind: GitRepository, name: a}}}'));
    assert.equal(sets[0]?.set.spec.target?.git?.branch, undefined);
  });

  const folders = [
    ['./', '.'],
    ['.', '.'],
    ['./apps', 'apps'],
    ['apps/', 'apps'],
    ['./apps/a//', 'apps/a'],
    ['apps', 'apps'],
  ];
  for (const [written, folder] of folders) {
    it(`takes the folder ${written} for ${folder}`, () => {
      const { sets } = readSample(sampleSet(`target: {git: {url: https://a/b, path: ${written}}}`));
      assert.equal(sets[0]?.set.spec.target?.git?.path, folder);
    });
  }

  it('takes the shortest and the longest interval', () => {
    assert.deepEqual(readSample(sampleSet('interval: 5s')).lines, []);
    assert.deepEqual(readSample(sampleSet('interval: 8760h')).lines, []);
  });

  it('takes what kubectl prints', () => {
    const text = sampleSet('interval: 5m').replace(
      'metadata: {name: test}',
      'metadata: {name: test, namespace: a, uid: u, resourceVersion: "5", generation: 2, creationTimestamp: null, ' +
        'managedFields: [{manager: kubectl}], finalizers: [a/b], ownerReferences: [], labels: {a/b: c}}\n' +
        'status: {conditions: [{type: Ready}], observedGeneration: 2}',
    );
    assert.deepEqual(readSample(text).lines, []);
  });

  it('leaves what it validates as it is', () => {
    const text = sampleSet('guard: {}');
    const [yaml] = parseYamlDocuments(text);
    assert.ok(yaml);
    const before = structuredClone(yaml.value);
    validateSample(yaml.value as JsonObject, createYamlSource('set.yaml', text, { yaml }));
    assert.deepEqual(yaml.value, before);
  });

  it('stalls, with one error for each mistake', () => {
    const text = sampleSet('interval: 1\nnumbers: 1');
    const [yaml] = parseYamlDocuments(text);
    assert.ok(yaml);
    const source = createYamlSource('set.yaml', text, { yaml });
    assert.throws(
      () => validateSample(yaml.value as JsonObject, source),
      (error: unknown) => {
        assert.ok(error instanceof ErrorList && error instanceof StalledError);
        assert.equal(error.reason, 'ValidationFailed');
        assert.equal(error.errors.length, 2);
        return true;
      },
    );
  });

  it('accepts or explains whatever it is given', () => {
    const keys = fc.constantFrom(
      'list',
      'apiClient',
      'gitDirectory',
      'elements',
      'exclude',
      'ref',
      'name',
      'content',
      'x',
    );
    const spec = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 1 }), tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc.dictionary(keys, tie('value'), { maxKeys: 3 }),
    }));
    const specs = fc.record(
      {
        generators: spec.list,
        templates: spec.list,
        guard: spec.value,
        target: spec.value,
        interval: spec.value,
      },
      { requiredKeys: [] },
    );
    const object = { apiVersion: 'generatorset.dev/v1alpha1', kind: 'GeneratorSet', metadata: { name: 'a' } };
    fc.assert(
      fc.property(specs, (value) => {
        const { sets, lines } = readSample(JSON.stringify({ ...object, spec: value }));
        assert.equal(sets.length, lines.length === 0 ? 1 : 0);
        for (const line of lines) assert.match(line, /^set.yaml:\d+:\d+: /);
        assert.ok(!lines.some((line) => line.includes('is no valid')), lines.join('\n'));
      }),
      { numRuns: 500 },
    );
  });

  it('bounds its message, whatever it is given', () => {
    const fields = Array.from({ length: 2000 }, (_, index) => `"${'x'.repeat(500)}${index}": 1`).join('\n');
    const { lines } = readSample(sampleSet(fields));
    assert.equal(lines.length, 51);
    assert.equal(lines.at(-1), 'set.yaml: and 1950 more');
    assert.ok(lines.every((line) => line.length < 300));
  });

  const floods: { name: string; spec: string; first: RegExp }[] = [
    {
      name: 'unknown fields',
      spec: Array.from({ length: 20_000 }, (_, index) => `unknown${index}: 1`).join('\n'),
      first: /^set.yaml:5:3: spec: unknown field "unknown0"/,
    },
    {
      name: 'entries without a generator',
      spec: `generators:\n${'- {}\n'.repeat(20_000)}`,
      first: /^set.yaml:\d+:\d+: spec.generators/,
    },
    {
      name: 'templates of the wrong type',
      spec: `templates:\n${'- 1\n'.repeat(20_000)}`,
      first: /^set.yaml:\d+:\d+: spec.templates/,
    },
  ];
  for (const { name, spec, first } of floods) {
    it(`explains the first of 20,000 ${name} and counts the others`, () => {
      const { lines } = readSample(sampleSet(spec));
      assert.equal(lines.length, 51);
      assert.ok(
        lines.some((line) => first.test(line)),
        lines[0],
      );
      assert.match(lines.at(-1) ?? '', /^set.yaml: and \d{5} more$/);
    });
  }

  it('escapes control characters of unknown fields', () => {
    const { lines } = readSample(sampleSet('"a\\e[31m\\n": 1'));
    assert.match(lines[0] ?? '', /^set.yaml:5:3: spec: unknown field "a\\u001b\[31m\\n"; known fields/);
  });

  for (const key of ['constructor', 'toString', 'hasOwnProperty']) {
    it(`takes ${key} for an unknown field like any other`, () => {
      assert.match(readSample(sampleSet(`${key}: 1`)).lines[0] ?? '', new RegExp(`unknown field "${key}"`));
      const entry = readSample(sampleSet(`generators: [{${key}: {}}]`));
      assert.match(entry.lines[0] ?? '', new RegExp(`unknown field "${key}"`));
    });
  }
});
