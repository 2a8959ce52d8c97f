import { API_VERSION, KIND } from '../../api/generatorset-schema.ts';
import { FORCE_AT, REQUESTED_AT } from '../../api/requests.ts';
import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import { stringifyYamlDocuments } from '../../lib/yaml.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import { metadataOf } from '../manifests/cluster-manifests.ts';
import { chooseSets } from './for-each-set.ts';
import { type Asking, readSet } from './stored-sets.ts';

/** The options of `export`. */
export interface ExportOptions extends ClusterOptions {
  readonly all?: boolean;
}

/** What people and programs ask of the set that stands there now; in a file it would be asked for again. */
const MOMENTARY: ReadonlySet<string> = new Set([
  REQUESTED_AT,
  FORCE_AT,
  'generatorset.dev/approve',
  'kubectl.kubernetes.io/last-applied-configuration',
]);

/** The chosen sets as YAML documents, without what the server and the controller have written. */
export async function exportSets(
  asking: Asking,
  names: readonly string[],
  { namespace, all = false }: ExportOptions,
): Promise<string> {
  const sets = await chooseSets(asking, { names, namespace, all });
  const documents: JsonObject[] = [];
  for (const set of sets) documents.push(toFile(await readSet(asking, set)));
  return stringifyYamlDocuments(documents);
}

/** A set as it would stand in a file. */
export function toFile(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  const [labels, annotations] = [textsOf(metadata, 'labels'), textsOf(metadata, 'annotations')];
  const kept = annotations.filter(([key]) => !MOMENTARY.has(key));
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: {
      name: ownValue(metadata, 'name') ?? '',
      namespace: ownValue(metadata, 'namespace') ?? '',
      ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    },
    spec: ownValue(object, 'spec') ?? {},
  };
}

function textsOf(metadata: JsonObject, field: string) {
  const value = ownValue(metadata, field);
  return isObject(value) ? Object.entries(value) : [];
}
