import { isSecret, type Resource } from '../api/resource.ts';
import { formatPath, type Path } from '../api/source.ts';
import { objectPath } from '../clients/cluster/paths.ts';
import { canonicalJson, isObject, type JsonObject, type JsonValue, ownValue, setOwn } from '../lib/json.ts';
import { mergeDeep } from '../lib/merge-deep.ts';
import type { Evidence } from '../plan/change.ts';
import { collectEvidence } from '../plan/evidence.ts';
import { locateLeaf, type TemplateSource } from '../plan/leaf-origin.ts';
import { isAbort } from './abort.ts';
import { applyObject, type Write } from './apply-object.ts';
import type { ApplyContext, Decision } from './decide.ts';
import { createDryRunClient, NotTriedError } from './dry-run-client.ts';
import { askedFor, type Failure, refusedField, toFailure } from './failure.ts';
import { describeId } from './object-id.ts';
import { isSameObject, type ObjectPair, type ShownTexts, showObjects } from './shown-object.ts';

/** What an object would become. */
export interface ObjectPreview {
  readonly action: Decision['action'];
  readonly shown: ShownTexts;
  readonly reason?: string;
  /** Why a pass fails for it. */
  readonly failure?: Failure;
  readonly evidence: readonly Evidence[];
}

/** What previews are made with. */
export interface PreviewContext extends ApplyContext {
  /** Takes over fields that others own, and replaces objects whose immutable fields change. */
  readonly force: boolean;
  /** Where the templates stand; absent where no file is known. */
  readonly source?: TemplateSource;
}

/** Objects of these namespaces can't be tried: they come with the same pass. */
export type ComingNamespaces = ReadonlySet<string>;

/** Lets the server try to apply one object, and tells what would become of it; nothing is written. */
export async function previewObject(
  decision: Decision,
  coming: ComingNamespaces,
  context: PreviewContext,
): Promise<ObjectPreview> {
  const { object, action, failure, reason } = decision;
  const { place } = object;
  if (failure) return refuse(decision, { failure, field: '' }, context);
  if (action === 'skipped') return { ...NOTHING, action, ...(reason !== undefined && { reason }) };
  if (object.isComing || !place) return untried(decision, 'its kind is defined by this set');
  if (!decision.live && coming.has(place.namespace))
    return untried(decision, 'its namespace comes with this set');
  try {
    return describeTrial(decision, await tryObject(decision as Write, context), context);
  } catch (error) {
    if (isAbort(error, context.signal)) throw error;
    const refusal = toFailure(place, error, askedFor(object, context.client));
    return refuse(decision, { failure: refusal, field: refusedField(error) }, context);
  }
}

const NOTHING = { shown: {}, evidence: [] } as const;

/** A pass fails for it: the reason says where its template stands. */
function refuse(
  decision: Decision,
  { failure, field }: { failure: Failure; field: string },
  context: PreviewContext,
): ObjectPreview {
  const reason = `${placeOf(decision, field, context)}${describeId(failure.id)}: ${failure.reason}`;
  return { ...NOTHING, action: 'skipped', failure: { ...failure, reason } };
}

/** What the server said that the object would be, beside what it is. */
function describeTrial(
  decision: Decision,
  { pair, reason }: { pair: ObjectPair; reason?: string },
  context: PreviewContext,
): ObjectPreview {
  const { before, after } = pair;
  if (before && after && reason === undefined && isSameObject(before, after))
    return { ...NOTHING, action: 'unchanged' };
  return {
    action: before ? 'configured' : 'created',
    shown: showObjects(pair),
    ...(reason !== undefined && { reason }),
    evidence: isSecret(decision.object.resource) ? [] : explain(decision, pair, context),
  };
}

/** An object that the server can't try yet is shown as it is rendered. */
function untried({ object }: Decision, why: string): ObjectPreview {
  const shown = showObjects({ after: object.resource });
  return { action: 'created', shown, reason: `the server could not try it: ${why}`, evidence: [] };
}

/** The object as it is, and as the server says that it would be. */
async function tryObject(
  write: Write,
  { client, set, force, signal }: PreviewContext,
): Promise<{ pair: ObjectPair; reason?: string }> {
  const { place, resource } = write.object;
  const path = objectPath(place.kind, place.namespace, place.name);
  const before = write.live && { before: await client.request({ method: 'GET', path }, signal) };
  let after: JsonObject | undefined;
  const trying = createDryRunClient(client, (answer) => {
    after = answer;
  });
  try {
    await applyObject(write, { client: trying, set, force, signal });
    return { pair: { ...before, ...(after && { after }) } };
  } catch (error) {
    if (!(error instanceof NotTriedError)) throw error;
    // Only a replacement asks for more than an apply.
    const replaced = { ...before, after: mergeDeep(before?.before ?? {}, resource) };
    return { pair: replaced, reason: 'it is deleted and made anew: fields change that cannot be changed' };
  }
}

/** `file:line:column: ` of what the server refuses in its template; nothing where no template is known. */
function placeOf({ object }: Decision, refused: string, { source }: PreviewContext): string {
  if (!source) return '';
  const { file, resource } = object;
  const { template } = file.rendered;
  const path = readField(refused, resource);
  // A set of a cluster has no lines: the field says where.
  if (source.source.locate([]).line === 0) {
    const field = source.templates[template]?.content ? ['content', ...path] : [];
    return `${formatPath(['spec', 'templates', template, ...field])}: `;
  }
  return `${locateLeaf(source, { template, path })}: `;
}

/** The path of a field as the server writes it, as far as the resource has it. */
function readField(field: string, resource: JsonValue): Path {
  const path: (string | number)[] = [];
  let value: JsonValue | undefined = resource;
  for (const part of field.split(/[.[\]]+/).filter((it) => it !== '')) {
    const name: string | number = Array.isArray(value) ? Number(part) : part;
    value = Array.isArray(value) ? value[Number(part)] : isObject(value) ? ownValue(value, part) : undefined;
    if (value === undefined) break;
    path.push(name);
  }
  return path;
}

/** Where each leaf that changes came from. */
function explain(
  { object: { file } }: Decision,
  { before, after }: ObjectPair,
  { source }: PreviewContext,
): Evidence[] {
  const { resource } = file.rendered;
  const old = before && (asDesired(resource, before, after) as Resource);
  return collectEvidence(file, old, source);
}

/**
 * An object as it would have been rendered before: only the fields that are rendered now, and those that the change
 * leaves alone as they are rendered, since the server adds defaults and writes values in its own way.
 */
function asDesired(
  desired: JsonValue,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): JsonValue | undefined {
  if (before === undefined) return undefined;
  if (Array.isArray(desired) && Array.isArray(before))
    return desired.flatMap((item, index) => asDesired(item, before[index], itemOf(after, index)) ?? []);
  if (!isObject(desired) || !isObject(before))
    return after !== undefined && canonicalJson(before) === canonicalJson(after) ? desired : before;
  const old: JsonObject = {};
  for (const [key, value] of Object.entries(desired)) {
    const kept = asDesired(value, ownValue(before, key), isObject(after) ? ownValue(after, key) : undefined);
    if (kept !== undefined) setOwn(old, key, kept);
  }
  return old;
}

function itemOf(value: JsonValue | undefined, index: number): JsonValue | undefined {
  return Array.isArray(value) ? value[index] : undefined;
}
