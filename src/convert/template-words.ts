import { functionsOf } from '../render/functions/profiles.ts';
import { lex } from '../render/template/lex.ts';
import type { Token } from '../render/template/token.ts';
import { type Field, fieldsOf, keyOf } from './field.ts';

/** The two marks around each action of a template. */
export type Delimiters = readonly [left: string, right: string];

/** The tokens of all templates below a field, keys too. */
export function* tokensBelow(field: Field | undefined, [left, right]: Delimiters): Generator<Token> {
  if (field === undefined) return;
  if (typeof field.value === 'string') yield* lex(field.value, left, right);
  for (const child of fieldsOf(field)) {
    if (!Array.isArray(field.value)) yield* lex(keyOf(child), left, right);
    yield* tokensBelow(child, [left, right]);
  }
}

/** Whether a template below the field reads a field of this name. */
export function readsField(field: Field | undefined, name: string, delimiters: Delimiters): boolean {
  return tokensBelow(field, delimiters).some(({ type, text }) => type === 'field' && text === `.${name}`);
}

/** The functions below a field that give another value at every render, in the order of the text. */
export function nonDeterministicCalls(field: Field | undefined, delimiters: Delimiters): string[] {
  const functions = functionsOf('generatorset', 'exact');
  const names = [...tokensBelow(field, delimiters)]
    .filter(({ type, text }) => type === 'identifier' && functions.get(text)?.isNonDeterministic)
    .map(({ text }) => text);
  return [...new Set(names)];
}
