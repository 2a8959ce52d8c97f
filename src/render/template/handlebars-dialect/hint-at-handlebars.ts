import { TemplateError } from '../template-error.ts';

/** What no Go template can hold and most Handlebars templates do: blocks, comments, partials, `{{{`. */
const SIGNS = /\{\{~?(?:[#^>!{]|\/[A-Za-z])/;

const HINT = 'this looks like Handlebars: set spec.dialect: handlebars';

/** The error of a text that is no Go template, which tells when it looks like one in Handlebars' syntax. */
export function hintAtHandlebars(text: string, error: unknown): unknown {
  if (!(error instanceof TemplateError) || !SIGNS.test(text)) return error;
  const { phase, line, column, others } = error;
  const details = { phase, line, others, reason: `${error.reason}; ${HINT}`, ...(column && { column }) };
  return new TemplateError(`${error.message}; ${HINT}`, details, { cause: error });
}
