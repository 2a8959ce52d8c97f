import { assertErrors, type Mistake } from '../../test/harness/mistakes.ts';
import { sampleSet } from '../../test/harness/sample-sets.ts';

/** What somebody writes as the generators of a spec. */
const mistakes: Mistake[] = [
  [
    'a generator in the wrong case',
    'generators:\n  - apiclient: {}',
    ['6:7: spec.generators[0]: unknown field "apiclient", did you mean "apiClient"?'],
  ],
  [
    'a generator that does not exist',
    'generators: [{prometheus: {}}]',
    [
      '5:17: spec.generators[0]: unknown field "prometheus"; known fields are name, list, apiClient and gitDirectory',
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
];

describe('createSetValidator', () => {
  for (const [title, text, errors] of mistakes) {
    it(`reports ${title}`, () => assertErrors(sampleSet(text), errors));
  }
});
