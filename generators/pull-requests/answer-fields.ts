import { isObject, type JsonObject, type JsonValue, ownValue } from '../../src/lib/json.ts';
import { textField } from '../../src/lib/json-fields.ts';
import type { CloneAddresses } from './pull-request.ts';

/** A list of objects as it is, or an error: an object in its place is how some servers report theirs. */
export function objectList(value: JsonValue): JsonObject[] {
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw new Error('the answer is JSON, but not a list of pull requests; check driver and serverURL');
  }
  return value;
}

/** A number that counts or identifies: a whole one from 1. */
export function numberField(object: JsonObject, field: string): number {
  const value = ownValue(object, field);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`"${field}" must be a number from 1`);
}

/** A field that the server leaves out, or has as null, where there is nothing. */
export function hasField(object: JsonObject, field: string): boolean {
  return (ownValue(object, field) ?? null) !== null;
}

/** The id of a commit, SHA-1 or SHA-256; undefined where the field, which is always there, is null or empty. */
export function commitField(object: JsonObject, field: string): string | undefined {
  if (!Object.hasOwn(object, field)) throw new Error(`"${field}" is missing`);
  if (!hasField(object, field) || ownValue(object, field) === '') return undefined;
  const id = textField(object, field);
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) return id;
  throw new Error(`"${field}" must be the id of a commit`);
}

/** The addresses in two fields of a repository. */
export function addressFields(repository: JsonObject, http: string, ssh: string): CloneAddresses {
  return { http: checkAddress(textField(repository, http)), ssh: textField(repository, ssh) };
}

/** An address for git without user information, which some servers put into it: it is not the template's to spread. */
export function checkAddress(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error('the address to clone must be an http(s) URL');
  if (url.username === '' && url.password === '') return text;
  url.username = '';
  url.password = '';
  return url.href;
}

/** The names in a list of objects, such as labels; a list that is null has none. */
export function nameList(object: JsonObject, field: string): string[] {
  const items = ownValue(object, field) ?? [];
  if (!Array.isArray(items) || !items.every(isObject))
    throw new Error(`"${field}" must be a list of objects`);
  return items.map((item) => textField(item, 'name'));
}

/** Whether two objects of an answer are the same one, by their ids. */
export function haveSameId(one: JsonObject, other: JsonObject): boolean {
  return numberField(one, 'id') === numberField(other, 'id');
}
