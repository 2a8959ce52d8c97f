import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createYamlSource } from '../api/yaml-source.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { parseYamlDocuments, stringifyYaml } from '../lib/yaml.ts';
import { convertObject } from './convert-object.ts';
import type { Field } from './field.ts';

/** Names of fields that one of the tools knows, and one that nobody does. */
const NAMES = [
  'metadata name namespace labels annotations spec generators templates content repeat suspend serviceAccountName list',
  'elements matrix merge mergeKeys git repoURL revision directories files path exclude clusters selector matchLabels',
  'values pullRequest github gitlab owner repo project api tokenRef secretName key filters branchMatch labels template',
  'templatePatch strategy syncPolicy preserveResourcesOnDeletion applicationsSync goTemplate goTemplateOptions inputs',
  'inputsFrom inputStrategy resources resourcesTemplate steps timeout dependsOn ready readyExpr kind apiVersion wait',
  'commonMetadata type url filter defaultValues secretRef certSecretRef schedule skip limit requeueAfterSeconds other',
  'apiClient endpoint interval gitRepository repositoryRef config cluster status finalizers uid pathParamPrefix flatList',
]
  .join(' ')
  .split(' ');

const KINDS = [
  ['sets.gitops.pro/v1alpha1', 'GitOpsSet'],
  ['fluxcd.controlplane.io/v1', 'ResourceSet'],
  ['argoproj.io/v1alpha1', 'ApplicationSet'],
] as const;

/** What the tools write in their own words, so that the text itself is not found again. */
const TYPES = ['Static', 'ExternalService', 'GitHubPullRequest', 'OCIArtifactTag'];

/** Fields of any shape; each text in it is there once. */
const anything = fc.letrec<{ node: JsonValue; object: JsonObject }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>('?', '?', '?', true, false, 7),
    fc.array(tie('node'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...NAMES), tie('node'), { maxKeys: 4 }),
})).object;

/** The shapes that are converted, with anything put into them. */
const specs: readonly fc.Arbitrary<JsonObject>[] = [
  fc.record({
    generators: fc.array(anything),
    templates: fc.array(fc.record({ content: anything, more: anything })),
  }),
  fc.record({
    inputs: fc.array(anything, { maxLength: 2 }),
    inputsFrom: fc.constant([{ kind: 'ResourceSetInputProvider', name: 'one' }]),
    inputStrategy: fc.record({ name: fc.constantFrom('Permute', 'Flatten', '?'), more: anything }),
    resources: fc.array(fc.record({ metadata: anything, spec: anything })),
    steps: fc.array(anything, { maxLength: 2 }),
    dependsOn: fc.array(anything, { maxLength: 2 }),
    more: anything,
  }),
  fc.record({
    goTemplate: fc.constantFrom<JsonValue>(true, false, '?'),
    generators: fc.array(
      fc.oneof(
        fc.record({ git: anything }),
        fc.record({ clusters: anything, selector: anything }),
        fc.record({ pullRequest: fc.record({ github: anything, filters: fc.array(anything) }) }),
        fc.record({
          matrix: fc.record({
            generators: fc.array(fc.record({ list: anything, git: anything }), { maxLength: 2 }),
          }),
        }),
        fc.record({ merge: fc.record({ mergeKeys: anything, generators: fc.array(anything) }) }),
        anything,
      ),
    ),
    template: fc.record({
      metadata: anything,
      spec: fc.record({ source: anything, destination: anything, syncPolicy: anything, more: anything }),
      more: anything,
    }),
    more: anything,
  }),
];

/** Each text gets a number of its own. */
function numberTexts(value: JsonValue, next: { number: number }): JsonValue {
  if (value === '?') return `text-${next.number++}-`;
  if (Array.isArray(value)) return value.map((item) => numberTexts(item, next));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, numberTexts(item, next)]));
}

function open(value: JsonObject, file: string): Field {
  const text = stringifyYaml(value);
  const [yaml] = parseYamlDocuments(text);
  assert.ok(yaml);
  return { value: yaml.value, source: createYamlSource(file, text, { yaml }), path: [] };
}

/** The texts of a value with their paths. */
function* textsOf(
  value: JsonValue,
  path: readonly (string | number)[] = [],
): Generator<[string, readonly (string | number)[]]> {
  if (typeof value === 'string' && value.startsWith('text-')) yield [value, path];
  if (typeof value !== 'object' || value === null) return;
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, item] of entries) yield* textsOf(item, [...path, key]);
}

describe('no field of a converted object disappears', () => {
  for (const [index, [apiVersion, kind]] of KINDS.entries()) {
    it(`of a ${kind}: each text is in the result, or was reported`, () => {
      fc.assert(
        fc.property(
          specs[index] as fc.Arbitrary<JsonObject>,
          anything,
          fc.record({
            type: fc.constantFrom(...TYPES),
            more: anything,
            defaultValues: anything,
            filter: anything,
          }),
          fc.constantFrom('application', 'kustomization'),
          (spec, metadata, provided, to) => {
            const next = { number: 0 };
            const object = numberTexts(
              { apiVersion, kind, metadata: { ...metadata, namespace: 'a' }, spec },
              next,
            );
            const provider = numberTexts(
              {
                apiVersion,
                kind: 'ResourceSetInputProvider',
                metadata: { name: 'one', namespace: 'a' },
                spec: provided,
              },
              next,
            );
            const roots = [
              open(object as JsonObject, 'set.yaml'),
              open(provider as JsonObject, 'provider.yaml'),
            ] as const;
            const converted = convertObject(roots[0], { providers: [roots[1]], to });
            assert.ok(converted);
            const { value, conversion } = converted;
            const result = JSON.stringify(value);
            for (const root of roots) {
              if (!conversion.hasUsed(root)) continue;
              for (const [text, path] of textsOf(root.value)) {
                const isReported = conversion.reports.some(
                  (report) =>
                    report.source === root.source && report.path.every((part, at) => path[at] === part),
                );
                assert.ok(isReported || result.includes(text), `${JSON.stringify(path)} disappeared`);
              }
            }
          },
        ),
        { numRuns: 200 },
      );
    });
  }
});
