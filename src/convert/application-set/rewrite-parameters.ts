import { isWrittenPlain } from '../../lib/yaml.ts';
import { lex } from '../../render/template/lex.ts';
import type { Token } from '../../render/template/token.ts';
import type { RewriteText } from '../conversion.ts';
import type { Field } from '../field.ts';
import { rewriteTemplate, type TokenPlace } from '../rewrite-template.ts';
import { rewriteFastTemplate } from './fast-template.ts';
import { DELIMITERS, type Parameters, pathTo } from './parameters.ts';

/** Tokens whose value a field right after them belongs to. */
const VALUES = ['field', 'variable', 'rightParen', 'identifier', 'dot', 'string', 'rawString'];

/**
 * Rewrites templates of an ApplicationSet, whose parameters stand at the root: `.name` is `.Element.name`; without Go
 * templates `{{name}}` is `{{ .Element.name }}`. `noteWhole` is told of fields that read all parameters as one.
 */
export function parametersRewriter(
  parameters: Parameters,
  isGo: boolean,
  noteWhole: (field: Field) => void = () => undefined,
): RewriteText {
  return (text, field, where) => {
    const rewritten = isGo
      ? rewriteGo(text, field, { parameters, noteWhole })
      : rewriteFastTemplate(text, parameters);
    return where === 'value' ? keepText(rewritten) : rewritten;
  };
}

interface GoOptions {
  readonly parameters: Parameters;
  readonly noteWhole: (field: Field) => void;
}

function rewriteGo(text: string, field: Field, { parameters, noteWhole }: GoOptions): string {
  return rewriteTemplate(text, field, {
    delimiters: DELIMITERS,
    rewrite(token, place) {
      const whole = rewriteWhole(token, place);
      if (whole !== undefined) noteWhole(field);
      return whole ?? rewriteToken(token, place, parameters);
    },
  });
}

/** What stands for all parameters as one. */
function rewriteWhole(token: Token, { after, dot }: TokenPlace): string | undefined {
  if (dot === 'argument') return undefined;
  if (token.type === 'variable' && token.text === '$' && after?.type !== 'field') return '$.Element';
  return token.type === 'dot' && dot === 'root' ? '.Element' : undefined;
}

function rewriteToken(token: Token, place: TokenPlace, parameters: Parameters): string | undefined {
  const { before, dot } = place;
  if (dot === 'argument') return undefined;
  const isRoot = before !== undefined && before.type === 'variable' && before.text === '$';
  if (token.type !== 'field') return undefined;
  const isFirst = before === undefined || !VALUES.includes(before.type);
  if (!isRoot && !(isFirst && dot === 'root')) return undefined;
  const path = pathTo(token.text.slice(1), parameters);
  return `.${path.join('.')}${token.text}`;
}

/** Words of this form are text, whatever is put into them; so are addresses and paths. */
const SURELY_TEXT = /^[A-Za-z][A-Za-z0-9]*[-_./ ]|^[A-Za-z]{6}|\/.*[A-Za-z]/;

/** A text stays a text: where YAML could read `1.{{ .Element.minor }}` as a number, an empty action is put first. */
function keepText(text: string): string {
  const [left, right] = DELIMITERS;
  if (!text.includes(left) || !isWrittenPlain(text) || text.includes('\n')) return text;
  const literal = lex(text, left, right)
    .map((token) => (token.type === 'text' ? token.text : ''))
    .join('');
  return SURELY_TEXT.test(literal) && !text.startsWith(left) ? text : `{{ "" }}${text}`;
}
