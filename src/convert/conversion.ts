import { StalledError } from '../api/errors.ts';
import { VALIDATION_FAILED } from '../api/reasons.ts';
import { formatPosition, type Source } from '../api/source.ts';
import { isObject, type JsonObject, type JsonValue, setOwn } from '../lib/json.ts';
import { type Field, fieldsOf, keyOf } from './field.ts';
import { Origins } from './origins.ts';
import type { Outcome, Report } from './report.ts';

/** Reports of one conversion. */
const MAX_REPORTS = 1000;

/** Rewrites one text of a template, at its field; `where` says whether it is the key or the value. */
export type RewriteText = (text: string, field: Field, where: 'key' | 'value') => string;

/** What has been dealt with below one part of a path. */
interface Mark {
  isDone: boolean;
  readonly below: Map<string | number, Mark>;
}

/**
 * The conversion of one object. It notes of every field of the input whether it was carried or reported, so that what
 * nobody thought of is reported in the end.
 */
export class Conversion {
  readonly reports: Report[] = [];
  readonly origins = new Origins();
  readonly #marks = new Map<Source, Mark>();

  /** A copy of the field, keys and texts rewritten where that is asked for. All of it counts as carried. */
  carry(field: Field, rewrite?: RewriteText): JsonValue {
    this.#mark(field);
    return this.#copy(field, rewrite);
  }

  /** Carries the field to `target[key]`; nothing where there is no field. */
  put(target: JsonObject, key: string, field: Field | undefined, rewrite?: RewriteText): void {
    if (field !== undefined) this.set(target, key, this.carry(field, rewrite), field);
  }

  /** Sets what was made of a field, which counts as carried. */
  set(target: JsonObject, key: string, value: JsonValue, field: Field): void {
    this.link(target, key, value, field);
    this.use(field);
  }

  /** Sets what was made of parts of a field, each of which is still to be carried or reported. */
  link(target: JsonObject, key: string, value: JsonValue, field: Field): void {
    setOwn(target, key, value);
    this.origins.noteKey(target, key, field);
  }

  /** The text of a field that is in the result in another form. What is no text is reported. */
  text(field: Field | undefined): string | undefined {
    if (typeof field?.value !== 'string') {
      this.lose(field, 'it must be a text');
      return undefined;
    }
    this.use(field);
    return field.value;
  }

  /** A list or an object with nothing in it has nothing to carry. */
  useEmpty(field: Field | undefined): void {
    const isEmpty = typeof field?.value === 'object' && fieldsOf(field).length === 0;
    if (isEmpty) this.use(field);
  }

  /** Whether a field says yes. What is neither yes nor no is reported. */
  isOn(field: Field | undefined): boolean {
    if (typeof field?.value === 'boolean') this.use(field);
    else this.lose(field, 'it must be true or false');
    return field?.value === true;
  }

  /** The field is in the result in another form. */
  use(field: Field | undefined): void {
    if (field !== undefined) this.#mark(field);
  }

  /** The field is not in the result. */
  lose(field: Field | undefined, message: string): void {
    this.#report('lost', field, message);
    this.use(field);
  }

  /** What happens is not what the field makes happen where it comes from. */
  differ(field: Field | undefined, message: string): void {
    this.#report('differs', field, message);
  }

  /** The field says nothing that the result needs. */
  leaveOut(field: Field | undefined, message: string): void {
    this.#report('left out', field, message);
    this.use(field);
  }

  /** Whether anything of the object that this field is the root of was carried or reported. */
  hasUsed({ source }: Field): boolean {
    return this.#marks.has(source);
  }

  /** Reports all that was neither carried nor reported, as few fields as say it. */
  reportRest(root: Field): void {
    for (const field of this.#unseen(root, this.#marks.get(root.source), 0)) {
      this.lose(field, 'nothing is known of this field; see whether the result needs it');
    }
  }

  #report(outcome: Outcome, field: Field | undefined, message: string): void {
    if (field === undefined) return;
    if (this.reports.length >= MAX_REPORTS) throw tooMany(field);
    this.reports.push({ outcome, source: field.source, path: field.path, message });
  }

  #mark({ source, path }: Field): void {
    let mark = this.#marks.get(source) ?? newMark();
    this.#marks.set(source, mark);
    for (const key of path) {
      const below: Mark = mark.below.get(key) ?? newMark();
      mark.below.set(key, below);
      mark = below;
    }
    mark.isDone = true;
  }

  /** `depth` is how much of the path led to the mark. */
  #unseen(field: Field, mark: Mark | undefined, depth: number): Field[] {
    const key = field.path[depth];
    if (mark?.isDone) return [];
    if (key !== undefined) return this.#unseen(field, mark?.below.get(key), depth + 1);
    if (mark === undefined || mark.below.size === 0) return [field];
    return fieldsOf(field).flatMap((child) => this.#unseen(child, mark, depth));
  }

  #copy(field: Field, rewrite?: RewriteText): JsonValue {
    const { value } = field;
    if (typeof value === 'string') return rewrite ? rewrite(value, field, 'value') : value;
    if (typeof value !== 'object' || value === null) return value;
    const copy: JsonValue[] | JsonObject = Array.isArray(value) ? [] : {};
    this.origins.note(copy, field);
    for (const child of fieldsOf(field)) {
      const below = this.#copy(child, rewrite);
      if (!isObject(copy)) copy.push(below);
      else this.#setCopied(copy, below, { child, rewrite });
    }
    return copy;
  }

  #setCopied(
    copy: JsonObject,
    value: JsonValue,
    { child, rewrite }: { child: Field; rewrite: RewriteText | undefined },
  ): void {
    const name = keyOf(child);
    const key = rewrite ? rewrite(name, child, 'key') : name;
    setOwn(copy, key, value);
    if (key !== name) this.origins.noteKey(copy, key, child);
  }
}

/** Nobody reads more, and finding their places takes time. */
function tooMany(field: Field): Error {
  const place = formatPosition(field.source.locate([]));
  return new StalledError(
    VALIDATION_FAILED,
    `${place}: more than ${MAX_REPORTS} fields could not be carried over; take away what is not meant`,
  );
}

function newMark(): Mark {
  return { isDone: false, below: new Map() };
}
