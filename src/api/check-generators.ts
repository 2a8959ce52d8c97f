import { holdsText } from '../lib/holds-text.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import { valueAt } from '../lib/value-at.ts';
import { isSamePath, type Problem } from './problem.ts';
import { readDelimiters } from './read-delimiters.ts';
import type { Path } from './source.ts';

/** A mistake that a generator finds in its own spec. */
export interface GeneratorMistake {
  /** From the generator's spec to the field. */
  readonly path: Path;
  readonly message: string;
  /** Characters from the beginning of the field's text to the mistake, where it is within. */
  readonly offset?: number;
}

/** What a generator checks of its spec beyond its schema; it can tell what templates of the set are. */
type Check = (spec: never, isTemplate: (value: JsonValue) => boolean) => readonly GeneratorMistake[];

/** What generators check of their specs beyond their schemas, by the key of the generator. */
export type GeneratorChecks = Readonly<Record<string, Check>>;

/** The checks of those generators that have one. */
export function generatorChecks(
  generators: readonly { readonly name: string; readonly check?: Check }[],
): GeneratorChecks {
  const checked = generators.filter((generator) => generator.check);
  return Object.fromEntries(
    checked.map((generator) => [
      generator.name,
      (spec, isTemplate) => generator.check?.(spec, isTemplate) ?? [],
    ]),
  );
}

/** What the generators of a set find wrong with specs in which their schemas found nothing: `known` is what these did. */
export function checkGenerators(
  set: JsonObject,
  checks: GeneratorChecks,
  known: readonly Problem[],
): Problem[] {
  const left = leftDelimiter(set);
  const isTemplate = (value: JsonValue) => holdsText(value, left);
  return entriesOf(set).flatMap((entry, index) => {
    const base = ['spec', 'generators', index];
    if (!isObject(entry) || known.some(({ path }) => isSamePath(path.slice(0, base.length), base))) return [];
    return Object.entries(entry).flatMap(([name, spec]) => {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
      return (check?.(spec as never, isTemplate) ?? []).map((mistake) =>
        toProblem(mistake, [...base, name], spec),
      );
    });
  });
}

/** What templates of the set begin with. Annotations that say it wrongly are reported where templates are. */
function leftDelimiter(set: JsonObject): string {
  const metadata = ownValue(set, 'metadata');
  const annotations = isObject(metadata) ? ownValue(metadata, 'annotations') : undefined;
  try {
    return readDelimiters((isObject(annotations) ? annotations : {}) as Record<string, string>)?.[0] ?? '{{';
  } catch {
    return '{{';
  }
}

function toProblem({ path, message, offset }: GeneratorMistake, base: Path, spec: JsonValue): Problem {
  const problem = { path: [...base, ...path], message };
  const text = valueAt(spec, path);
  return offset === undefined || typeof text !== 'string'
    ? problem
    : { ...problem, within: placeOf(text, offset) };
}

/** Line and column of a place within a text, from 1. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1) as string).length + 1 };
}

function entriesOf(set: JsonObject): readonly JsonValue[] {
  const spec = ownValue(set, 'spec');
  const entries = isObject(spec) ? ownValue(spec, 'generators') : undefined;
  return Array.isArray(entries) ? entries : [];
}
