import { sha256 } from '../../src/lib/digest.ts';
import type { JsonObject } from '../../src/lib/json.ts';

/** The labels of a series; own properties only. */
export type Labels = Readonly<Record<string, string>>;

/** Keys of elements are this long at most. */
const MAX_KEY_LENGTH = 253;
const DIGEST_LENGTH = 32;

/**
 * The labels as PromQL writes them, sorted by name, such as `{container="podinfod",pod="podinfo-1"}`: the same labels
 * give the same text, whatever their order.
 */
export function canonicalLabels(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${labelName(name)}=${JSON.stringify(labels[name])}`);
  return `{${pairs.join(',')}}`;
}

/** The key of an element: its labels, or their beginning and their digest where they are too long for a key. */
export function labelsKey(labels: Labels): string {
  const text = canonicalLabels(labels);
  if (text.length <= MAX_KEY_LENGTH) return text;
  const digest = sha256(text).slice('sha256:'.length, 'sha256:'.length + DIGEST_LENGTH);
  return `${text.slice(0, MAX_KEY_LENGTH - DIGEST_LENGTH - 1).toWellFormed()}~${digest}`;
}

/** The labels of a series by which it is joined; one that it lacks is left out, as PromQL takes an empty one. */
export function pickLabels(labels: Labels, names: readonly string[]): JsonObject {
  const picked = names.filter((name) => Object.hasOwn(labels, name) && labels[name] !== '');
  return Object.fromEntries(picked.map((name) => [name, labels[name] as string]));
}

/** Labels for a message, cut. */
export function showLabels(labels: Labels): string {
  const text = canonicalLabels(labels);
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}

function labelName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : JSON.stringify(name);
}
