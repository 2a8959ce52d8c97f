import type { Condition, GeneratorSetStatus } from '../api/status.ts';
import { parseAnswer } from '../clients/cluster/cluster-client-json.ts';
import { sha256 } from '../lib/digest.ts';
import { isObject, type JsonObject, ownValue, parseJson, stringifyJson } from '../lib/json.ts';
import type { SetHold, SetInfo } from './set-record.ts';

/** A set as the cache keeps it: its text, since thousands of objects cost far more memory than their texts. */
export interface StoredSet {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** Digest of the annotations that steer a pass: when one of them changes, the set is due. */
  readonly triggers: string;
  readonly deleting: boolean;
  /** What the metrics say of it. */
  readonly info: SetInfo;
  readonly text: string;
}

/** Annotations that make a set due when they change. */
const TRIGGERS = [
  'reconcile.fluxcd.io/requestedAt',
  'reconcile.fluxcd.io/forceAt',
  'generatorset.dev/approve',
  'generatorset.dev/delimiters',
  'sets.gitops.pro/delimiters',
];

/** What a pass needs of `metadata`; the rest, managedFields above all, is not kept. */
const KEPT = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'finalizers',
  'labels',
  'annotations',
];

/** Characters of a label; a revision is a branch and a digest. */
const MAX_LABEL = 512;

/** Strips a GeneratorSet for the cache. */
export function storeSet(object: JsonObject): StoredSet {
  const metadata = ownValue(object, 'metadata');
  const all = isObject(metadata) ? metadata : {};
  const kept = Object.fromEntries(KEPT.flatMap((key) => (Object.hasOwn(all, key) ? [[key, all[key]]] : [])));
  return {
    uid: String(all['uid']),
    resourceVersion: String(all['resourceVersion']),
    generation: Number(all['generation'] ?? 0),
    triggers: triggersOf(all),
    deleting: all['deletionTimestamp'] !== undefined,
    info: infoOf(object),
    text: stringifyJson({ ...object, metadata: kept as JsonObject }),
  };
}

/** The object again, as it was when it was stored. */
export function readStoredSet({ text }: StoredSet): JsonObject {
  return parseAnswer(text) as JsonObject;
}

/** Throws a SyntaxError for what a file may not hold either: nesting without end, the key `__proto__`. */
export function checkStoredSet({ text }: StoredSet): void {
  parseJson(text);
}

function infoOf(object: JsonObject): SetInfo {
  const status = (ownValue(object, 'status') ?? {}) as GeneratorSetStatus;
  const conditions = Array.isArray(status.conditions) ? status.conditions : [];
  const find = (wanted: string) => conditions.find((condition) => condition?.type === wanted);
  const ready = find('Ready');
  const spec = ownValue(object, 'spec');
  const held = holdOf(status, find('Held'));
  return {
    ready: labelOf(ready?.status),
    reason: labelOf(ready?.reason),
    suspended: isObject(spec) && spec['suspend'] === true,
    revision: labelOf(status.lastAppliedRevision),
    ...(find('Stalled')?.status === 'True' && { stalled: true as const }),
    ...(Number.isSafeInteger(status.elements) && { elements: status.elements as number }),
    ...(held && { held }),
  };
}

function holdOf(status: GeneratorSetStatus, condition: Condition | undefined): SetHold | undefined {
  const since = Date.parse(String(condition?.lastTransitionTime)) / 1000;
  if (condition?.status !== 'True' || Number.isNaN(since)) return undefined;
  const { elementStates, held } = status;
  const states = Array.isArray(elementStates) ? elementStates : [];
  return {
    reason: labelOf(condition.reason),
    since,
    elements: states.filter((state) => state?.phase === 'Held').length,
    changes: Array.isArray(held?.changes) ? held.changes.length : 0,
  };
}

/** Others may write a status, too. */
function labelOf(value: unknown): string {
  return String(value ?? '').slice(0, MAX_LABEL);
}

function triggersOf(metadata: JsonObject): string {
  const annotations = ownValue(metadata, 'annotations');
  if (!isObject(annotations)) return '';
  const steering = TRIGGERS.map((name) => String(ownValue(annotations, name) ?? ''));
  return steering.every((value) => value === '') ? '' : sha256(steering.join('\n'));
}
