import { assertErrors, type Mistake } from '../../test/harness/mistakes.ts';
import { sampleSet } from '../../test/harness/sample-sets.ts';

/** What somebody writes as the other fields of a spec. */
const mistakes: Mistake[] = [
  [
    'a field in the singular',
    'generator: []',
    ['5:3: spec: unknown field "generator", did you mean "generators"?'],
  ],
  [
    'a field of a later version',
    'policy: []',
    [
      '5:3: spec: unknown field "policy"; known fields are interval, schedule, suspend, ' +
        'serviceAccountName, deletionPolicy, dependsOn, numbers, ' +
        'dialect, allowNonDeterministic, elementKey, generators, tune, templates, guard and target',
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
    ['5:13: spec.interval: is "1d", must be a duration in hours, minutes and seconds, such as 24h or 5m30s'],
  ],
  [
    'a negative interval',
    'interval: -5s',
    ['5:13: spec.interval: is "-5s", must be a duration in hours, minutes and seconds, such as 24h or 5m30s'],
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
  ['no templates', 'templates: []', ['5:14: spec.templates: is an empty list, needs at least one entry']],
  [
    'an empty template',
    'templates: [{}]',
    ['5:15: spec.templates[0]: needs exactly one of content, text, from; it has none'],
  ],
  [
    'content and text',
    'templates: [{content: {a: b}, text: x}]',
    ['5:15: spec.templates[0]: needs exactly one of content, text, from; it has content and text'],
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
  ...['" "', '../x', 'a..b', 'Tenant', '-a', 'a_b'].map(
    (name): Mistake => [
      `the service account ${name}`,
      `serviceAccountName: ${name}`,
      [
        `5:23: spec.serviceAccountName: is "${name.replaceAll('"', '')}", must be a Kubernetes name: lower case letters, digits, "-" and "."`,
      ],
    ],
  ),
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
    ['5:11: spec.target: needs exactly one of git, directory, apply; it has none'],
  ],
  [
    'two targets',
    'target: {git: {url: https://a/b}, directory: {path: out}}',
    ['5:11: spec.target: needs exactly one of git, directory, apply; it has git and directory'],
  ],
  [
    'a target that does not exist',
    'target: {oci: {}}',
    ['5:12: spec.target: unknown field "oci"; known fields are git, directory and apply'],
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
  ...['../x', '/etc', 'a/../../b', '.git/hooks', 'a//b', '..'].map(
    (path): Mistake => [
      `the path ${path}`,
      `target: {git: {url: https://a/b, path: ${path}}}`,
      [`5:42: spec.target.git.path: file path "${path}" ${problemOf(path)}`],
    ],
  ),
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
      '7:15: spec.templates[0]: needs exactly one of content, text, from; it has none',
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

describe('createSetValidator', () => {
  for (const [title, text, errors] of mistakes) {
    it(`reports ${title}`, () => assertErrors(sampleSet(text), errors));
  }
});
