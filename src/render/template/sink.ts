import { TemplateFault } from '../values/field.ts';
import { formatValue } from '../values/format-value.ts';
import type { NumberMode, Value } from '../values/value.ts';

/** A part of the output. `safe` is the text of a function that writes YAML or JSON structure. */
export interface Piece {
  readonly text: string;
  readonly kind: 'literal' | 'value' | 'safe';
  /** Whether the value stands in the quotes that `quote` or `squote` put around it. */
  readonly isQuoted?: boolean;
}

/** Where a template writes. */
export interface Sink {
  literal(text: string): void;
  value(value: Value): void;
  safe(value: Value): void;
  quoted(value: Value): void;
}

/** Collects one text, no longer than it may be. */
export class TextSink implements Sink {
  text = '';
  readonly #mode: NumberMode;
  readonly #limit: number;

  constructor(mode: NumberMode, limit: number) {
    this.#mode = mode;
    this.#limit = limit;
  }

  literal(text: string): void {
    this.text += text;
    if (this.text.length > this.#limit) refuseSize(this.#limit);
  }

  value(value: Value): void {
    this.literal(typeof value === 'string' ? value : printValue(value, this.#mode));
  }

  safe(value: Value): void {
    this.value(value);
  }

  quoted(value: Value): void {
    this.value(value);
  }
}

/** Collects pieces, so that a reader can tell values from the template's own text. */
export class PieceSink implements Sink {
  readonly pieces: Piece[] = [];
  #length = 0;
  readonly #mode: NumberMode;
  readonly #limit: number;

  constructor(mode: NumberMode, limit: number) {
    this.#mode = mode;
    this.#limit = limit;
  }

  literal(text: string): void {
    this.#add(text, 'literal');
  }

  value(value: Value): void {
    this.#add(printValue(value, this.#mode), 'value');
  }

  safe(value: Value): void {
    this.#add(printValue(value, this.#mode), 'safe');
  }

  quoted(value: Value): void {
    this.#add(printValue(value, this.#mode), 'value', true);
  }

  #add(text: string, kind: Piece['kind'], isQuoted = false): void {
    this.#length += text.length;
    if (this.#length > this.#limit) refuseSize(this.#limit);
    this.pieces.push(isQuoted ? { text, kind, isQuoted } : { text, kind });
  }
}

/** Keeps the last printed value as it is. */
export class ValueSink implements Sink {
  last: Value;

  literal(): void {}

  value(value: Value): void {
    this.last = value;
  }

  safe(value: Value): void {
    this.last = value;
  }

  quoted(value: Value): void {
    this.last = value;
  }
}

/** A value as an action prints it: nil and no value alike are `<no value>`. */
function printValue(value: Value, mode: NumberMode): string {
  return value === undefined || value === null ? '<no value>' : formatValue(value, mode);
}

function refuseSize(limit: number): never {
  throw new TemplateFault(`output is larger than ${limit} characters`);
}
