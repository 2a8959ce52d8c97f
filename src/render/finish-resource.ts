import { readDelimiters } from '../api/read-delimiters.ts';
import { NAME_LABEL, NAMESPACE_LABEL, type Resource } from '../api/resource.ts';
import type { Path } from '../api/source.ts';
import { isObject, type JsonObject, type JsonValue, ownValue, setOwn } from '../lib/json.ts';
import { isClusterScoped } from './cluster-scoped.ts';
import type { TemplateSet } from './template-set.ts';

/** Takes what is wrong with one field of a rendered resource. */
export type ReportField = (message: string, path: Path) => void;

/** `group/version`, or `v1`. */
const API_VERSION = /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[a-zA-Z0-9]+$/;
const KIND = /^[A-Za-z][A-Za-z0-9]*$/;
/** What Kubernetes refuses in every name, whatever the kind. */
const BAD_NAME = /^\.{1,2}$|[/%\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|\s/u;
const MAX_NAME_LENGTH = 253;
/** The keys of `metadata` that have their own place in it. */
const FINISHED: ReadonlySet<string> = new Set(['name', 'namespace', 'labels']);

/**
 * Makes a rendered document the resource that is delivered: without `status`, in the set's namespace when it
 * names none, with the owner labels. Undefined, and all that is wrong reported, when it can be no resource.
 */
export function finishResource(
  value: JsonValue,
  set: TemplateSet,
  report: ReportField,
): Resource | undefined {
  if (!isObject(value)) {
    report('a template must give an object with apiVersion, kind and metadata.name', []);
    return undefined;
  }
  let isWrong = false;
  const problem: ReportField = (message, path) => {
    isWrong = true;
    report(message, path);
  };
  const metadata = ownValue(value, 'metadata');
  checkIdentity(value, problem);
  if (!isObject(metadata)) problem('metadata with a name is missing', ['metadata']);
  else checkMetadata(metadata, set, problem);
  if (isWrong) return undefined;
  const { apiVersion, kind } = value;
  // First, as people write them: sets that come from a cluster have their keys sorted.
  const resource = { apiVersion, kind, metadata: {}, ...value };
  resource.metadata = finishMetadata(value, metadata as JsonObject, set);
  // Only where it is there: an object that loses a key is slow from then on.
  if (Object.hasOwn(resource, 'status')) delete (resource as JsonObject)['status'];
  return resource as JsonObject as Resource;
}

/** What makes an object one of its kind. */
function checkIdentity(value: JsonObject, report: ReportField): void {
  checkWord(value, 'apiVersion', API_VERSION, report);
  checkWord(value, 'kind', KIND, report);
}

function checkWord(value: JsonObject, field: string, pattern: RegExp, report: ReportField): void {
  const text = ownValue(value, field);
  if (typeof text !== 'string' || text === '') report(`${field} must be a string that is not empty`, [field]);
  else if (!pattern.test(text)) report(`${field} ${quote(text)} can't be right`, [field]);
}

function checkMetadata(metadata: JsonObject, set: TemplateSet, report: ReportField): void {
  const name = ownValue(metadata, 'name');
  if (name === undefined || name === null || name === '')
    report('metadata.name is missing', ['metadata', 'name']);
  else if (isLeftOver(name, set)) report(describeLeftOver(name, set), ['metadata', 'name']);
  else checkName(name, 'name', report);
  const namespace = ownValue(metadata, 'namespace');
  if (!isMissing(namespace)) checkName(namespace, 'namespace', report);
  for (const field of ['labels', 'annotations']) checkStrings(ownValue(metadata, field), field, report);
}

/** Names reach paths of the API and of files. */
function checkName(name: JsonValue, field: string, report: ReportField): void {
  const path = ['metadata', field];
  if (typeof name !== 'string') {
    report(`metadata.${field} must be a string, and is ${describe(name)}: quote it`, path);
  } else if (BAD_NAME.test(name) || name.length > MAX_NAME_LENGTH) {
    report(`metadata.${field} ${quote(name)} is no name that Kubernetes takes`, path);
  }
}

/** Whether a name still holds the usual delimiters, which the set has replaced. */
function isLeftOver(name: JsonValue, { metadata }: TemplateSet): name is string {
  if (typeof name !== 'string' || !name.includes('{{')) return false;
  return (readDelimiters(metadata.annotations)?.[0] ?? '{{') !== '{{';
}

function describeLeftOver(name: string, { metadata }: TemplateSet): string {
  const [left, right] = readDelimiters(metadata.annotations) ?? [];
  return `metadata.name ${quote(name)} is no template here: the set's annotation makes the delimiters ${left} and ${right}`;
}

/** Kubernetes refuses labels and annotations that are no strings. */
function checkStrings(map: JsonValue | undefined, field: string, report: ReportField): void {
  if (map === undefined || map === null) return;
  if (!isObject(map)) {
    report(`metadata.${field} must be a map of strings`, ['metadata', field]);
    return;
  }
  for (const key of Object.keys(map)) {
    const value = map[key] as JsonValue;
    if (typeof value === 'string') continue;
    const path = ['metadata', field, key];
    report(`metadata.${field}[${quote(key)}] must be a string, and is ${describe(value)}: quote it`, path);
  }
}

/** The name first, the owner labels last; nothing of the rendered document is changed in place. */
function finishMetadata(value: JsonObject, metadata: JsonObject, set: TemplateSet): JsonObject {
  const finished: JsonObject = { name: metadata['name'] as JsonValue };
  const namespace = metadata['namespace'];
  if (!isMissing(namespace)) finished['namespace'] = namespace;
  else if (!isClusterScoped(String(value['apiVersion']), String(value['kind'])))
    finished['namespace'] = set.metadata.namespace;
  for (const key of Object.keys(metadata)) {
    if (!FINISHED.has(key)) setOwn(finished, key, metadata[key]);
  }
  const owner = { [NAME_LABEL]: set.metadata.name, [NAMESPACE_LABEL]: set.metadata.namespace };
  finished['labels'] = isObject(metadata['labels']) ? { ...metadata['labels'], ...owner } : owner;
  return finished;
}

function isMissing(value: JsonValue | undefined): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

function describe(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'a map';
  return `the ${typeof value === 'boolean' ? 'boolean' : 'number'} ${value}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
