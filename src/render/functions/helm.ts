import { LimitFault } from '../values/meter.ts';
import { toJsonValue } from '../values/to-json-value.ts';
import type { NumberMode, Value } from '../values/value.ts';
import { writeYaml } from '../yaml/write-yaml.ts';
import { helmDurationFunctions } from './durations.ts';
import { readToml } from './from-toml.ts';
import { errorMap, readJsonList, readJsonMap, readYamlList, readYamlMap } from './from-yaml.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { writeToml } from './to-toml.ts';
import { toYaml } from './to-yaml.ts';

/**
 * Helm's functions that Sprig does not have. What reads a text gives a map with the key `Error`, or a list of one
 * text, when it cannot; the `must` ones fail.
 */
export function helmFunctions(mode: NumberMode): FunctionDef[] {
  return [
    fn('mustToYaml', '(any) -> string', (value: Value) => mustToYaml(value, mode), 'writes'),
    fn('toYamlPretty', '(any) -> string', (value: Value) => toPrettyYaml(value, mode), 'writes'),
    fn('toToml', '(any) -> string', (value: Value) => attempt(() => writeToml(value, mode), messageOf)),
    fn('mustToToml', '(any) -> string', (value: Value) => writeToml(value, mode)),
    fn('fromToml', '(string) -> map', (text: string) => attempt(() => readToml(text), errorMap)),
    ...helmBasics(mode),
    ...helmDurationFunctions(),
    fn('fromJsonArray', '(string) -> list', (text: string) => {
      return attempt(() => readJsonList(text, mode), errorList);
    }),
  ];
}

/** What the sprig profile has beside Sprig: Helm's readers of YAML, and `required`. */
export function helmBasics(mode: NumberMode): FunctionDef[] {
  return [...yamlReaders(mode), fn('required', '(string, any) -> any', required)];
}

/** Helm's `fromJson`, which reads maps alone; Sprig's reads any value. */
export function helmFromJson(mode: NumberMode): FunctionDef {
  return fn('fromJson', '(string) -> map', (text: string) =>
    attempt(() => readJsonMap(text, mode), errorMap),
  );
}

/** Helm's `fromYaml` and `fromYamlArray`. */
function yamlReaders(mode: NumberMode): FunctionDef[] {
  return [
    fn('fromYaml', '(string) -> map', (text: string) => attempt(() => readYamlMap(text, mode), errorMap)),
    fn('fromYamlArray', '(string) -> list', (text: string) => {
      return attempt(() => readYamlList(text, mode), errorList);
    }),
  ];
}

function required(warning: string, value: Value): Value {
  if (value === null || value === undefined || value === '') throw new Error(warning);
  return value;
}

function mustToYaml(value: Value, mode: NumberMode): string {
  const text = toYaml(value, mode);
  if (text === '') throw new Error('the value holds a character that YAML has no place for');
  return text;
}

/** Lists below keys are indented, and no line is folded. */
function toPrettyYaml(value: Value, mode: NumberMode): string {
  return writeYaml(toJsonValue(value), { mode, folds: false, indentsLists: true }).replace(/\n$/, '');
}

function errorList(error: unknown): Value {
  return [messageOf(error)];
}

function messageOf(error: unknown): string {
  return (error as Error).message;
}

function attempt(read: () => Value, otherwise: (error: unknown) => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof LimitFault) throw error;
    return otherwise(error);
  }
}
