import type { RewriteText } from '../conversion.ts';
import type { Field } from '../field.ts';
import { rewriteTemplate, type TokenPlace, templateProblem } from '../rewrite-template.ts';
import type { Delimiters } from '../template-words.ts';

/** The delimiters of every ResourceSet. */
export const DELIMITERS: Delimiters = ['<<', '>>'];

/** Bytes of a slug there; here it is an argument. */
const SLUG_LENGTH = 63;

/** The inputs that templates read, by their first name; `*` where one reads all of them. */
export type UsedInputs = Set<string>;

/** Rewrites templates of a ResourceSet: `inputs.x` is `.Element.x`. What they read is added to `used`. */
export function inputsRewriter(used: UsedInputs): RewriteText {
  return (text, field) =>
    rewriteTemplate(text, field, {
      delimiters: DELIMITERS,
      extra: ['inputs'],
      rewrite(token, place) {
        if (token.type !== 'identifier') return undefined;
        if (token.text === 'slugify') return `slugify ${SLUG_LENGTH}`;
        if (token.text !== 'inputs') return undefined;
        used.add(place.after?.type === 'field' ? place.after.text.slice(1) : '*');
        return elementAt(place, field);
      },
    });
}

function elementAt({ dot }: TokenPlace, field: Field): string {
  if (dot === 'root') return '.Element';
  if (dot === 'inner') return '$.Element';
  throw templateProblem(
    field,
    'a template that is defined does not see inputs here: give it what it needs as its argument',
  );
}
