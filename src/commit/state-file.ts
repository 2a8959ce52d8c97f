import type { Decision, DecisionRule } from '../api/decision.ts';
import { StalledError } from '../api/errors.ts';
import { checkFilePath } from '../lib/file-path.ts';
import {
  isObject,
  type JsonObject,
  type JsonValue,
  ownValue,
  parseJson,
  stringifyJson,
} from '../lib/json.ts';
import { objectField, objectsField, textField } from '../lib/json-fields.ts';
import { parseQuantity } from '../lib/quantity.ts';
import type { Deletion, InventoryEntry, State } from '../plan/state.ts';
import type { DeliveryIntent, IntendedRemoval } from './delivery-intent.ts';

/** Bounds of a state that may be anybody's: entries of a list, characters of a text, and bytes of the whole. */
const MAX_ENTRIES = 100_000;
const MAX_TEXT = 4096;
export const MAX_STATE_BYTES = 32 * 1024 * 1024;

/** The set whose state it is. */
export interface SetName {
  readonly namespace: string;
  readonly name: string;
}

/** Where a target keeps the state of a set, below the target's path; no tool takes it for a manifest. */
export function stateFilePath({ namespace, name }: SetName): string {
  for (const part of [namespace, name]) {
    if (part.length > 253 || !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(part) || part.includes('..'))
      throw new StalledError('InvalidName', `${JSON.stringify(part.slice(0, 300))} is no Kubernetes name`);
  }
  return `.generatorset/${namespace}/${name}.state`;
}

/**
 * The text of a state: one entry a line, sorted, so that a commit shows what really changed. An intent is for
 * targets that cannot change all files at once. Throws for a state that is too large to be read again.
 */
export function stringifyState(state: State, intent?: DeliveryIntent): string {
  const { inventory, decisions = [] } = state;
  const text = toText(state, intent);
  const isTooMuch = Math.max(inventory.length, decisions.length) > MAX_ENTRIES;
  if (!isTooMuch && Buffer.byteLength(text) <= MAX_STATE_BYTES) return text;
  throw new Error(
    `the state of ${inventory.length} resources and ${decisions.length} tuned values is larger than can be read again (${MAX_ENTRIES} of each, ${MAX_STATE_BYTES} bytes): split the set`,
  );
}

function toText(state: State, intent?: DeliveryIntent): string {
  const inventory = state.inventory.map(toInventoryLine).sort();
  const deletions = state.deletions.map(({ id, at }) => stringifyJson({ at, id })).sort();
  const fields = [
    `"version": ${state.version}`,
    `"inventory": ${list(inventory)}`,
    `"deletions": ${list(deletions)}`,
    ...(state.delivered === undefined ? [] : [`"delivered": ${stringifyJson(state.delivered)}`]),
    ...(state.decisions === undefined
      ? []
      : [`"decisions": ${list(state.decisions.map(toDecisionLine).sort())}`]),
    ...(intent === undefined ? [] : [`"intent": ${toIntentText(intent)}`]),
  ];
  return `{\n  ${fields.join(',\n  ')}\n}\n`;
}

/** A state file: the state itself, and what was about to be done to it by a delivery that did not end. */
interface StateFile {
  readonly state: State;
  readonly intent?: DeliveryIntent;
}

/** Where a state is kept, for messages: which file, and how people get an older one. */
interface StatePlace {
  readonly file: string;
  readonly advice: string;
}

/**
 * Reads a state that somebody may have edited. A broken one is an error and never taken for none: without its state
 * a set would not know its own files.
 */
export function parseState(text: string, { file, advice }: StatePlace): StateFile {
  try {
    return readStateFile(parseJson(text));
  } catch (error) {
    throw new Error(`state file ${file} is broken: ${(error as Error).message}; ${advice}`, { cause: error });
  }
}

/** The path comes first, so that sorting lines sorts by path. */
function toInventoryLine({ path, id, digest, element, generator, template }: InventoryEntry): string {
  return stringifyJson({ path, id, digest, ...(element !== undefined && { element }), generator, template });
}

/** The element comes first, so that sorting lines keeps its decisions together; the only one of a set has no name. */
function toDecisionLine({ element, name, value, since, rule, input, previous }: Decision): string {
  const rest = { name, value, since, rule, input, ...(previous !== undefined && { previous }) };
  return stringifyJson(element === '' ? rest : { element, ...rest });
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '[]' : `[\n    ${lines.join(',\n    ')}\n  ]`;
}

function toIntentText({ writes, removals }: DeliveryIntent): string {
  const entries = writes.map(toInventoryLine).sort();
  const files = removals.map(({ path, id, at }) => stringifyJson({ path, id, at })).sort();
  return `{"writes": ${list(entries)}, "removals": ${list(files)}}`;
}

function readStateFile(value: JsonValue): StateFile {
  if (!isObject(value)) throw new Error('it is not a JSON object');
  const state = readState(value);
  if (ownValue(value, 'intent') === undefined) return { state };
  const intent = objectField(value, 'intent');
  const writes = readList(intent, 'writes').map(readEntry);
  return { state, intent: { writes, removals: readList(intent, 'removals').map(readRemoval) } };
}

/** Keys that a later version may add are left alone; another version number is not. */
function readState(value: JsonObject): State {
  if (ownValue(value, 'version') !== 1) throw new Error('its version is not 1');
  const inventory = readList(value, 'inventory').map(readEntry);
  checkUnique(inventory.map((entry) => entry.path));
  const deletions = readList(value, 'deletions').map(readDeletion);
  return {
    version: 1,
    inventory,
    deletions,
    ...(ownValue(value, 'delivered') !== undefined && { delivered: readDigest(value, 'delivered') }),
    ...(ownValue(value, 'decisions') !== undefined && { decisions: readDecisions(value) }),
  };
}

const RULES: ReadonlySet<string> = new Set<DecisionRule>([
  'Computed',
  'DecreaseLimited',
  'AtMaximum',
  'AtMinimum',
]);

/** Two decisions of one name for an element would disagree about its value. */
function readDecisions(value: JsonObject): Decision[] {
  const decisions = readList(value, 'decisions').map(readDecision);
  const names = new Set(decisions.map(({ element, name }) => JSON.stringify([element, name])));
  if (names.size < decisions.length) throw new Error('a decision is listed twice');
  return decisions;
}

function readDecision(item: JsonObject): Decision {
  const rule = readText(item, 'rule');
  if (!RULES.has(rule)) throw new Error(`there is no rule ${JSON.stringify(rule.slice(0, 40))}`);
  return {
    element: ownValue(item, 'element') === undefined ? '' : readText(item, 'element'),
    name: readText(item, 'name'),
    value: readQuantity(item, 'value'),
    since: readTime(item, 'since'),
    rule: rule as DecisionRule,
    input: readText(item, 'input'),
    ...(ownValue(item, 'previous') !== undefined && { previous: readQuantity(item, 'previous') }),
  };
}

/** A value that is none would be taken for no value before, and the next one would be bound by nothing. */
function readQuantity(item: JsonObject, key: string): string {
  const text = readText(item, key);
  parseQuantity(text);
  return text;
}

function readList(value: JsonObject, key: string): JsonObject[] {
  const items = objectsField(value, key);
  if (items.length > MAX_ENTRIES) throw new Error(`${key} has more than ${MAX_ENTRIES} entries`);
  return items;
}

function readEntry(item: JsonObject): InventoryEntry {
  return {
    id: readText(item, 'id'),
    path: readPath(item),
    digest: readDigest(item, 'digest'),
    ...(ownValue(item, 'element') !== undefined && { element: readText(item, 'element') }),
    generator: readPosition(item, 'generator'),
    template: readPosition(item, 'template'),
  };
}

function readRemoval(item: JsonObject): IntendedRemoval {
  return { path: readPath(item), ...readDeletion(item) };
}

/** A path that no plan could have written would reach files of others. */
function readPath(item: JsonObject): string {
  const path = readText(item, 'path');
  checkFilePath(path);
  return path;
}

/** The guard counts deletions by their time. */
function readDeletion(item: JsonObject): Deletion {
  return { id: readText(item, 'id'), at: readTime(item, 'at') };
}

function readTime(item: JsonObject, key: string): string {
  const at = readText(item, key);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(at) || Number.isNaN(Date.parse(at)))
    throw new Error(`"${key}" is no valid time`);
  return at;
}

function readText(item: JsonObject, key: string): string {
  const value = textField(item, key);
  if (value === '' || value.length > MAX_TEXT)
    throw new Error(`"${key}" must be a text of 1 to ${MAX_TEXT} characters`);
  return value;
}

function readDigest(item: JsonObject, key: string): string {
  const value = readText(item, key);
  if (!/^sha256:[0-9a-f]{64}$/.test(value)) throw new Error(`${key} is not a sha256 digest`);
  return value;
}

function readPosition(item: JsonObject, key: string): number {
  const value = ownValue(item, key);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw new Error(`${key} of an entry is not a position`);
  return value;
}

/** Two entries for one file would disagree about its digest. */
function checkUnique(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    if (seen.has(path)) throw new Error(`file ${JSON.stringify(path)} is listed twice`);
    seen.add(path);
  }
}
