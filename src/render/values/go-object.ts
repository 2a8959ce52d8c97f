import type { JsonValue } from '../../lib/json.ts';

/** The Go kinds that values of a named type have here. */
export type ObjectKind = 'struct' | 'ptr' | 'int' | 'int64';

/**
 * A value of a named Go type: a time, a duration, a month, a version. It is neither map nor list; what it has are
 * methods, which are looked up in tables by its type's name, never on the JavaScript object.
 */
export abstract class GoObject {
  /** Go's name of the type, such as `time.Time`. */
  abstract get typeName(): string;

  abstract get kind(): ObjectKind;

  /** The number, where the kind is one of integers. */
  get integer(): bigint | undefined {
    return undefined;
  }

  /** What `print` writes. */
  abstract toString(): string;

  /** What `printf "%#v"` writes. */
  abstract goSyntax(): string;

  /** What `toJson` and `toYaml` write. Throws Go's text when the value has no JSON form. */
  abstract toJson(): JsonValue;

  /** Go's `==`. */
  abstract isIdentical(other: GoObject): boolean;

  /** Go's reflect.DeepEqual, for a value of the same type. */
  abstract isDeepEqual(other: GoObject): boolean;
}

/** A value of a named integer type, which prints as its own text. */
export abstract class NamedInteger extends GoObject {
  readonly #value: bigint;

  constructor(value: bigint) {
    super();
    this.#value = value;
  }

  override get integer(): bigint {
    return this.#value;
  }

  override goSyntax(): string {
    return String(this.#value);
  }

  override toJson(): JsonValue {
    const small = Number(this.#value);
    return Number.isSafeInteger(small) ? small : this.#value;
  }

  override isIdentical(other: GoObject): boolean {
    return other.typeName === this.typeName && other.integer === this.#value;
  }

  override isDeepEqual(other: GoObject): boolean {
    return this.isIdentical(other);
  }
}
