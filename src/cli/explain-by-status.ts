import type { Decision } from '../api/decision.ts';
import type { ElementState } from '../api/element-state.ts';
import { isSecret } from '../api/resource.ts';
import { formatPath } from '../api/source.ts';
import { withoutServerFields } from '../apply/shown-object.ts';
import type { StoredLoadedSet } from '../controller/load-stored-set.ts';
import { escapeText } from '../lib/escape-text.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { changedLeaves } from '../plan/changed-leaves.ts';
import { createFieldMatcher } from '../plan/field-matcher.ts';
import { describeName, findResource, nameId } from '../plan/find-resource.ts';
import { elementId } from '../plan/keep-held.ts';
import type { InventoryEntry, State } from '../plan/state.ts';
import { decisionLink, describeValue, formatLinks, type Link } from './describe-explanation.ts';
import { readState } from './known-resources.ts';
import type { Session } from './session.ts';
import type { Streams } from './streams.ts';

/** Fields that are shown, and bytes of a line. */
const MAX_FIELDS = 50;
const MAX_LINE = 1000;

/** What is to be explained, and why it can't be rendered from here. */
interface Wanted {
  readonly resource: string;
  readonly field?: string | undefined;
  readonly why: Error;
}

/** What the status of a set says of one of its resources. */
export interface StatusAnswer {
  readonly set: { readonly namespace: string; readonly name: string };
  readonly id: string;
  readonly rendered: false;
  /** Why it was not rendered. */
  readonly reason: string;
  /** The fields as they are in the cluster: those that show a decision, or the one that is asked for. */
  readonly fields: readonly { readonly field: string; readonly value: JsonValue }[];
  readonly decisions: readonly Decision[];
  /** Of its element, where the status tells of it. */
  readonly element?: ElementState;
  /** The plan or the changes that wait for an approval. */
  readonly held?: { readonly digest: string; readonly rule: string; readonly message: string };
}

/**
 * Explains a resource by what the status of its set says, where the generators can't be asked from here: its
 * decisions, its element, what is held, and the fields as the cluster has them. Throws for a resource that the
 * inventory does not have.
 */
export async function explainByStatus(
  loaded: StoredLoadedSet,
  wanted: Wanted,
  session: Session,
): Promise<StatusAnswer> {
  const { set } = loaded;
  const state = await readState(loaded, session);
  const { entry } = findEntry(wanted, state);
  const { namespace, name } = set.metadata;
  const decisions = decisionsOf(entry, state);
  const element = set.status?.elementStates?.find(({ key }) => isOf(entry, key)) as ElementState | undefined;
  const { digest, rule, message } = set.status?.held ?? {};
  const isHeld = digest !== undefined && rule !== undefined && message !== undefined;
  return {
    set: { namespace, name },
    id: entry.id,
    rendered: false,
    reason: wanted.why.message,
    fields: await readFields(entry, { field: wanted.field, decisions }, session),
    decisions,
    ...(element && { element }),
    ...(isHeld && { held: { digest, rule, message } }),
  };
}

/** The answer as people read it. */
export function describeStatusAnswer(answer: StatusAnswer, { colors }: Pick<Streams, 'colors'>): string {
  const { set, id, reason, decisions, element, held } = answer;
  const said = (text: string): string => escapeText(text, MAX_LINE);
  const title = colors.bold(said(describeName({ ...nameId(id), id, paths: [] })));
  const links: Link[] = [
    ...decisions.map((decision) => decisionLink({ ...decision, delivered: true })),
    ...(element ? [elementLink(element)] : []),
    ...(held
      ? [['held', `spec.guard.${said(held.rule)}: ${said(held.message)}`, `digest ${held.digest}`] as const]
      : []),
  ];
  const fields = answer.fields.map(
    ({ field, value }) => `${colors.bold(said(field))} = ${describeValue(value)}, in the cluster\n`,
  );
  return [
    `${title}\n`,
    `not rendered, since not every generator can be asked from here: ${said(reason)}\n`,
    `This is what the status of ${set.namespace}/${set.name} says, and the cluster:\n\n`,
    ...fields,
    formatLinks(links, colors),
  ].join('');
}

function elementLink({ key, phase, reason, message }: ElementState): Link {
  const why = message === undefined || message === '' ? reason : `${reason}: ${message}`;
  return [
    'element',
    escapeText(key, MAX_LINE),
    escapeText(phase === 'Held' ? `held, ${why}` : why, MAX_LINE),
  ];
}

function findEntry({ resource }: Wanted, state: State | undefined): { entry: InventoryEntry } {
  const known = (state?.inventory ?? []).map((entry) => ({
    ...nameId(entry.id),
    id: entry.id,
    paths: entry.path === entry.id ? [] : [entry.path],
    entry,
  }));
  return findResource(resource, known);
}

/** A set of one element has neither keys in its inventory nor in its decisions. */
function isOf({ element }: InventoryEntry, key: string): boolean {
  return element === undefined || elementId(key) === element;
}

function decisionsOf(entry: InventoryEntry, state: State | undefined): Decision[] {
  return (state?.decisions ?? []).filter(({ element }) => isOf(entry, element));
}

/** The fields of the object in the cluster; none where it can't be read, or holds secrets. */
async function readFields(
  { id, version = 'v1' }: InventoryEntry,
  { field, decisions }: { field: string | undefined; decisions: readonly Decision[] },
  { world, printer, signal }: Session,
): Promise<StatusAnswer['fields']> {
  const { group, kind, namespace, name } = nameId(id);
  const apiVersion = group === '' ? version : `${group}/${version}`;
  let object: JsonObject | undefined;
  try {
    object = await world.readers.objects.get({ apiVersion, kind, namespace, name }, signal);
  } catch (error) {
    signal.throwIfAborted();
    printer.warning((error as Error).message);
  }
  if (!object || isSecret(object)) return [];
  const matches = field === undefined ? undefined : createFieldMatcher(field);
  const values = decisions.map(({ value }) => value);
  return [...changedLeaves(undefined, withoutServerFields(object))]
    .filter(({ path, after }) => matches?.(path) ?? values.some((value) => String(after).includes(value)))
    .slice(0, MAX_FIELDS)
    .map(({ path, after = null }) => ({ field: formatPath(path), value: after }));
}
