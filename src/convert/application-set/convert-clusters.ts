import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import { nameEntry } from '../entry.ts';
import { type Field, fieldAt } from '../field.ts';
import { type Children, type GeneratorOptions, listParameters, namesOf } from './children.ts';

const TYPE_LABEL = 'argocd.argoproj.io/secret-type';

/** The Secrets by which Argo CD knows clusters, and a list that gives their values the names that the templates know. */
export function convertClusters(field: Field, { conversion }: GeneratorOptions): Children {
  conversion.lose(
    fieldAt(field, 'flatList'),
    'each cluster is an element: matrix.singleElement gives a list of all',
  );
  return {
    names: namesOf(Object.keys(ELEMENT), fieldAt(field, 'values')),
    inner: [CHILD],
    make(rewrite) {
      const selector = fieldAt(field, 'selector');
      const copy = selector ? conversion.carry(selector) : {};
      const labels = isObject(copy) ? ownValue(copy, 'matchLabels') : undefined;
      const matchLabels = { [TYPE_LABEL]: 'cluster', ...(isObject(labels) && labels) };
      conversion.useEmpty(field);
      conversion.differ(
        field,
        'the Secrets of clusters are read in the namespace of the set, by its account; the cluster itself is one of them only if it has a Secret',
      );
      const object: JsonObject = {
        apiVersion: 'v1',
        kind: 'Secret',
        selector: { ...(isObject(copy) && copy), matchLabels },
      };
      return [
        nameEntry(CHILD, { object }),
        ...listParameters(ELEMENT, fieldAt(field, 'values'), { conversion, rewrite }),
      ];
    },
  };
}

/** The name of the child that reads the Secrets. */
const CHILD = 'fromCluster';
const NAME = `.Element.${CHILD}.data.name | b64dec`;

const ELEMENT: JsonObject = {
  name: `{{ ${NAME} }}`,
  nameNormalized: `{{ ${NAME} | normalize }}`,
  server: `{{ .Element.${CHILD}.data.server | b64dec }}`,
  project: `{{ get .Element.${CHILD}.data "project" | b64dec }}`,
  metadata: {
    labels: `{{ .Element.${CHILD}.metadata.labels | typed }}`,
    annotations: `{{ get .Element.${CHILD}.metadata "annotations" | default dict | typed }}`,
  },
};
