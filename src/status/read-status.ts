import type { GeneratorSetStatus } from '../api/status.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';

/** What each field must at least be, so that whoever wrote it cannot break a pass. */
const TEXTS = ['lastAttemptedRevision', 'lastAppliedRevision', 'delivered'] as const;
/** As long as the annotations that they repeat. */
const HANDLED = ['lastHandledReconcileAt', 'lastHandledForceAt'] as const;
const COUNTS = ['observedGeneration', 'elements'] as const;
const LISTS = {
  conditions: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  deletions: ['at', 'count'],
  elementStates: ['key', 'phase', 'reason'],
  history: ['digest', 'firstReconciled', 'lastReconciled', 'lastReconciledStatus', 'totalReconciliations'],
} as const;
/** Items of such a list that are read, and characters of other texts; this program writes far fewer. */
const MAX_ITEMS = 1000;
const MAX_TEXT = 4096;

/**
 * The status of a set as the API server has it, without what is not of its form: others may write it, and so may
 * other versions of this program. Undefined where there is none.
 */
export function readStatus(value: unknown): GeneratorSetStatus | undefined {
  if (!isObject(value)) return undefined;
  const own = (field: string) => ownValue(value, field);
  const inventory = own('inventory');
  const [held, decisions, decisionShards] = [own('held'), own('decisions'), own('decisionShards')];
  const read: [string, JsonValue | undefined][] = [
    ...COUNTS.map((field): [string, JsonValue | undefined] => [field, count(own(field))]),
    ...HANDLED.map((field): [string, JsonValue | undefined] => [field, text(own(field))]),
    ...TEXTS.map((field): [string, JsonValue | undefined] => [
      field,
      isText(own(field)) ? own(field) : undefined,
    ]),
    ...Object.entries(LISTS).map(([field, keys]): [string, JsonValue | undefined] => [
      field,
      readList(own(field), keys),
    ]),
    // Their entries are read one by one, where the rest of them is.
    ['decisions', Array.isArray(decisions) ? decisions : undefined],
    ['decisionShards', isObject(decisionShards) ? decisionShards : undefined],
    ['inventory', isObject(inventory) ? inventory : undefined],
    ['held', isObject(held) && hasKeys(held, ['digest', 'rule', 'message']) ? readHeld(held) : undefined],
  ];
  return Object.fromEntries(read.filter(([, item]) => item !== undefined)) as GeneratorSetStatus;
}

function readHeld({ changes, ...held }: JsonObject): JsonObject {
  const list = readList(changes, ['element', 'name', 'value', 'proposed']);
  return list === undefined ? held : { ...held, changes: list };
}

/** The generation of a set that no controller has looked at is below 0, and so is none. */
function count(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function readList(value: JsonValue | undefined, keys: readonly string[]): JsonValue | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.slice(0, MAX_ITEMS).filter((item) => hasKeys(item, keys));
}

/** Counters are numbers, and everything else is text that is not too long to be ours. */
function hasKeys(value: JsonValue, keys: readonly string[]): boolean {
  if (!isObject(value)) return false;
  return keys.every((key) => {
    const field = ownValue(value, key);
    if (key === 'count' || key === 'totalReconciliations') return typeof field === 'number';
    return isText(field);
  });
}

function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}
