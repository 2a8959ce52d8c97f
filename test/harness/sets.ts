import type { GeneratorSet, GeneratorSetSpec } from '../../src/api/generatorset-schema.ts';
import type { LoadedSet } from '../../src/api/read-sets.ts';
import type { Source } from '../../src/api/source.ts';

const nowhere = { file: 'set.yaml', line: 1, column: 1 };

/** A source that knows no places. */
export const blankSource: Source = {
  file: 'set.yaml',
  locate: () => nowhere,
  locateKey: () => nowhere,
  line: () => undefined,
};

/** A set as reading it from a file gives it. */
export function loadedSet(
  name: string,
  spec: Partial<GeneratorSetSpec> = {},
  annotations: Record<string, string> = {},
): LoadedSet {
  const set: GeneratorSet = {
    apiVersion: 'generatorset.dev/v1alpha1',
    kind: 'GeneratorSet',
    metadata: { name, namespace: 'flux-system', annotations },
    spec: {
      numbers: 'exact',
      dialect: 'go',
      allowNonDeterministic: false,
      suspend: false,
      deletionPolicy: 'Prune',
      generators: [{ list: { elements: [{}] } }],
      templates: [],
      guard: { onEmpty: 'hold', maxPrune: '20%' },
      ...spec,
    },
  };
  return { set, source: blankSource };
}
