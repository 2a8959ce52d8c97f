import { assertErrors, type Mistake } from '../../test/harness/mistakes.ts';

const spec = 'spec: {generators: [{list: {elements: []}}], templates: [{text: x}]}';
const head = 'apiVersion: generatorset.dev/v1alpha1\nkind: GeneratorSet\n';
const longName = 'n'.repeat(64);

/** What somebody writes around the spec. */
const mistakes: Mistake[] = [
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
  for (const [title, text, errors] of mistakes) {
    it(`reports ${title}`, () => assertErrors(text, errors));
  }
});
