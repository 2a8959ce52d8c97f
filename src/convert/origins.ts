import type { Path, Position, Source } from '../api/source.ts';
import { isObject, type JsonValue, ownValue } from '../lib/json.ts';
import { type Field, fieldAt } from './field.ts';

/** Knows which field of the input each field of the result comes from. */
export class Origins {
  readonly #ofObject = new WeakMap<object, Field>();
  readonly #ofKey = new WeakMap<object, Map<string | number, Field>>();

  /** An object or list that was copied: what stands below it comes from below the field. */
  note(copy: JsonValue, field: Field): void {
    if (typeof copy === 'object' && copy !== null) this.#ofObject.set(copy, field);
  }

  /** A field of the result that was put together. */
  noteKey(parent: object, key: string | number, field: Field): void {
    const keys = this.#ofKey.get(parent) ?? new Map<string | number, Field>();
    keys.set(key, field);
    this.#ofKey.set(parent, keys);
  }

  /** The field that what stands at the path of the result comes from; undefined where it was made up. */
  find(root: JsonValue, path: Path): Field | undefined {
    let value: JsonValue | undefined = root;
    let field = this.#originOf(root);
    for (const key of path) {
      if (typeof value !== 'object' || value === null) return undefined;
      const next: JsonValue | undefined = childOf(value, key);
      field = this.#ofKey.get(value)?.get(key) ?? this.#originOf(next) ?? fieldAt(field, key);
      value = next;
    }
    return field;
  }

  #originOf(value: JsonValue | undefined): Field | undefined {
    return typeof value === 'object' && value !== null ? this.#ofObject.get(value) : undefined;
  }
}

/** The places of a result's fields: where in the input they come from, or where what they stand in does. */
export function originSource(root: JsonValue, origins: Origins, input: Field): Source {
  function nearest(path: Path): { field: Field; isExact: boolean } {
    for (let length = path.length; length >= 0; length--) {
      const field = origins.find(root, path.slice(0, length));
      if (field) return { field, isExact: length === path.length };
    }
    return { field: input, isExact: false };
  }

  function place(path: Path, within: Within, where: 'locate' | 'locateKey'): Position {
    const { field, isExact } = nearest(path);
    const isSame = isExact && field.value === valueIn(root, path);
    return field.source[isExact ? where : 'locate'](field.path, isSame ? within : undefined);
  }

  return {
    file: input.source.file,
    locate: (path, within) => place(path, within, 'locate'),
    locateKey: (path, within) => place(path, within, 'locateKey'),
    // The places may be in several files, so no line is shown beneath a message.
    line: () => undefined,
  };
}

type Within = { line: number; column: number } | undefined;

function valueIn(root: JsonValue, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const key of path) value = value === undefined ? undefined : childOf(value, key);
  return value;
}

function childOf(value: JsonValue, key: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  return isObject(value) ? ownValue(value, String(key)) : undefined;
}
