import { describeResource, NAME_LABEL, NAMESPACE_LABEL, type Resource } from '../api/resource.ts';
import { sha256 } from '../lib/digest.ts';
import { isObject, type JsonValue, ownValue } from '../lib/json.ts';
import { parseYaml } from '../lib/yaml.ts';
import type { Change } from './change.ts';
import type { DesiredFile } from './desired-file.ts';
import { collectEvidence } from './evidence.ts';
import type { Keep } from './keep-held.ts';
import type { TemplateSource } from './leaf-origin.ts';
import type { InventoryEntry, State } from './state.ts';
import type { Previous } from './target.ts';

/** Evidence is collected for so many changed resources of a pass; nobody reads more of it. */
const MAX_EXPLAINED = 500;

/** The owner of a set's files. */
export interface Owner {
  readonly namespace: string;
  readonly name: string;
}

interface DiffOptions {
  readonly owner: Owner;
  readonly keep: Keep;
  /** Where the templates stand, for the evidence; absent where no file is known. */
  readonly set?: TemplateSource;
  readonly signal: AbortSignal;
}

/**
 * What it takes to bring the target from what it has to what is desired. A file of the inventory that is no
 * longer desired is deleted, but only while it is as it was delivered, and not where `keep` says otherwise; a file
 * that this set did not write is never overwritten.
 */
export async function diff(
  desired: readonly DesiredFile[],
  previous: Previous,
  { owner, keep, set, signal }: DiffOptions,
): Promise<Change[]> {
  const inventory = new Map((previous.state?.inventory ?? []).map((entry) => [entry.path, entry]));
  const wanted = new Set(desired.map((file) => file.path));
  const stale = [...inventory.values()].filter((entry) => !wanted.has(entry.path));
  const compared = new Map(desired.map((file) => [file.path, previous.compare(file.path, file.text)]));
  const toRead = [...compared].filter(([, result]) => result === 'different').map(([path]) => path);
  const texts = await previous.read([...toRead, ...stale.map((entry) => entry.path)], signal);

  let explained = 0;
  const kept = desired.map((file) => {
    if (compared.get(file.path) === 'same') return unchanged(file);
    const isExplained = explained++ < MAX_EXPLAINED;
    return write(file, {
      before: texts.get(file.path),
      owned: inventory.has(file.path),
      owner,
      set,
      isExplained,
    });
  });
  return [...kept, ...stale.map((entry) => remove(entry, texts.get(entry.path), keep(entry)))];
}

/**
 * Whether the plan's delivery would change anything: a file, or what the inventory says of the files. That is whose
 * they are, too: the files of an element that is held later are found by its key.
 */
export function isRealChange(
  changes: readonly Change[],
  previous: State | undefined,
  desired: readonly DesiredFile[] = [],
): boolean {
  if (changes.some((change) => change.action !== 'unchanged' && change.action !== 'skipped')) return true;
  const keys = new Map(desired.map(({ path, rendered }) => [path, rendered.from.key]));
  if (previous?.inventory.some(({ path, element }) => keys.has(path) && keys.get(path) !== element))
    return true;
  const tracked = new Map(
    (previous?.inventory ?? []).map((entry) => [`${entry.path}\n${entry.id}`, entry.digest]),
  );
  const kept = changes.filter((change) => change.action === 'unchanged' || change.before !== undefined);
  return kept.length !== tracked.size || kept.some((change) => !isTracked(change, tracked));
}

/** A file that somebody edited stays tracked with the digest that it was delivered with. */
function isTracked({ action, path, id, after = '' }: Change, tracked: ReadonlyMap<string, string>): boolean {
  const digest = tracked.get(`${path}\n${id}`);
  return digest !== undefined && (action === 'skipped' || digest === sha256(after));
}

function unchanged(file: DesiredFile): Change {
  return {
    id: file.id,
    action: 'unchanged',
    path: file.path,
    before: file.text,
    after: file.text,
    resource: file.rendered.resource,
    evidence: [],
  };
}

/** What is known of the place of a file that must be written. */
interface Place {
  readonly before: string | undefined;
  /** The inventory has it. */
  readonly owned: boolean;
  readonly owner: Owner;
  /** For the places of templates in the evidence. */
  readonly set: TemplateSource | undefined;
  readonly isExplained: boolean;
}

function write(file: DesiredFile, { before, owned, owner, set, isExplained }: Place): Change {
  const { resource } = file.rendered;
  const change = { id: file.id, path: file.path, after: file.text, resource };
  const explain = (old: Resource | undefined) => (isExplained ? collectEvidence(file, old, set) : []);
  if (before === undefined) return { ...change, action: 'created', evidence: explain(undefined) };
  const old = parseResource(before);
  if (!owned && !isOwnedBy(old, owner)) throw foreignFile(file, old);
  return { ...change, action: 'configured', before, evidence: explain(old) };
}

/** A file that nothing renders now; `kept` says why it stays all the same. */
function remove(entry: InventoryEntry, before: string | undefined, kept: string | undefined): Change {
  const change = { id: entry.id, path: entry.path, evidence: [] };
  if (before === undefined) return { ...change, action: 'skipped', reason: 'the file is gone already' };
  const resource = parseResource(before);
  const known = { ...change, before, ...(resource && { resource }) };
  if (kept !== undefined) return { ...known, action: 'skipped', after: before, reason: kept, isKept: true };
  if (sha256(before) !== entry.digest) {
    return {
      ...known,
      action: 'skipped',
      after: before,
      reason: 'the file was edited since it was delivered: delete it by hand',
    };
  }
  return { ...known, action: 'deleted' };
}

/** The resource in a file of the target; undefined when somebody made it something else. */
function parseResource(text: string): Resource | undefined {
  let value: JsonValue;
  try {
    value = parseYaml(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || !isObject(value['metadata'])) return undefined;
  const { apiVersion, kind } = value;
  const name = value['metadata']['name'];
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string')
    return undefined;
  return value as Resource;
}

function isOwnedBy(resource: Resource | undefined, owner: Owner): boolean {
  const labels = resource && ownValue(resource.metadata, 'labels');
  if (!isObject(labels)) return false;
  return ownValue(labels, NAME_LABEL) === owner.name && ownValue(labels, NAMESPACE_LABEL) === owner.namespace;
}

function foreignFile(file: DesiredFile, old: Resource | undefined): Error {
  const labels = old && ownValue(old.metadata, 'labels');
  const [name, namespace] = isObject(labels) ? [labels[NAME_LABEL], labels[NAMESPACE_LABEL]] : [];
  const what = old ? describeResource(old) : 'something else';
  const whose = typeof name === 'string' ? `of the set ${namespace}/${name}` : 'that no set wrote';
  return new Error(
    `${describeResource(file.rendered.resource)} would overwrite ${JSON.stringify(file.path)}, which holds ${what} ${whose}: remove that file, or let this set write elsewhere`,
  );
}
