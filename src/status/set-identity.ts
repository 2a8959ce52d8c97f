import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';

/** One set of all times: a set that is deleted and made again has another uid. */
export interface SetIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What status and events need of the metadata of a set. */
export interface SetMetadata extends SetIdentity {
  readonly resourceVersion: string;
  readonly generation: number;
  readonly annotations: Readonly<Record<string, string>>;
  /** Absent where the set has none at all. */
  readonly finalizers?: readonly string[];
  readonly isDeleting: boolean;
}

/** Reads the metadata of a set as the API server gives it. Throws for an object that is not of a cluster. */
export function readMetadata(object: JsonObject): SetMetadata {
  const metadata = ownValue(object, 'metadata');
  const own = (field: string) => (isObject(metadata) ? ownValue(metadata, field) : undefined);
  const text = (field: string) => textOf(own(field));
  const identity = { namespace: text('namespace'), name: text('name'), uid: text('uid') };
  if (Object.values(identity).includes(''))
    throw new Error('a GeneratorSet has no namespace, name or uid: it is not of a cluster');
  const finalizers = own('finalizers');
  return {
    ...identity,
    resourceVersion: text('resourceVersion'),
    generation: Number(own('generation') ?? 0),
    annotations: readTexts(own('annotations')),
    ...(Array.isArray(finalizers) && { finalizers: finalizers.map(textOf) }),
    isDeleting: own('deletionTimestamp') !== undefined,
  };
}

function readTexts(value: JsonValue | undefined): Record<string, string> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
