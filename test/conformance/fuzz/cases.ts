import type fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../src/lib/json.ts';
import type { FunctionDef } from '../../../src/render/functions/function-def.ts';
import { functionsOf } from '../../../src/render/functions/profiles.ts';
import { type Case, SHARED_DATA } from '../corpus.ts';
import { NOT_ASKED } from './arguments.ts';
import { type Chooser, choosing } from './chooser.ts';
import { template } from './statements.ts';

const DELIMITERS: readonly (readonly [string, string])[] = [
  ['<<', '>>'],
  ['${{', '}}'],
  ['[[', ']]'],
  ['%', '%'],
];

const VALUES: readonly JsonValue[] = [
  null,
  true,
  false,
  0,
  -1,
  42,
  2.5,
  1e21,
  1687950455.23,
  -0.0000125,
  123456789,
  '',
  'text',
  '12',
  'ünï😀',
  'a\nb: c',
  [],
  [1, 'two', null, [3]],
  ['x', 'y', 'x'],
  {},
  { a: 1, b: { c: 'd' }, k: 'v' },
  { $int: 12 },
  { name: 'n', tags: ['t'] },
];

/** Pieces that break a template, or nearly. */
const PIECES = [
  ...[
    '{{',
    '}}',
    '-}}',
    '{{-',
    '{{ ',
    '"',
    '`',
    "'",
    '\\',
    '(',
    ')',
    '|',
    ':=',
    '=',
    ',',
    '.',
    '..',
    '$',
    '/*',
    '*/',
  ],
  ...[
    '\n',
    ' ',
    'é',
    '\u0000',
    '0x',
    '-',
    '+',
    'nil',
    'end',
    '{{end}}',
    '{{else}}',
    'else',
    'if ',
    '$x',
    '.a',
    '%',
    '#',
  ],
  ...[
    '{{break}}',
    'define "d"',
    'range ',
    '{{if}}',
    '{{template}}',
    '{{nil}}',
    'i',
    '_',
    'e',
    '()',
    '{{else if 1}}',
    '&',
  ],
];

/** Cases that both engines can be asked: templates of every construct and function, some of them broken. */
export function cases(profile: 'sprig' | 'none', known: ReadonlySet<string>): fc.Arbitrary<Case> {
  const functions = [...functionsOf(profile, 'go').values()].filter(
    ({ name }) => known.has(name) && !Object.hasOwn(NOT_ASKED, name),
  );
  return choosing((chooser) => makeCase(chooser, functions, profile));
}

function makeCase(chooser: Chooser, functions: readonly FunctionDef[], funcs: string): Case {
  const delimiters = chooser.percent(5) ? chooser.pick(DELIMITERS) : undefined;
  const text = template({ chooser, functions, variables: [] }, delimiters ?? ['{{', '}}']);
  return {
    id: '',
    template: chooser.percent(15) ? breakText(chooser, text) : text,
    data: data(chooser),
    funcs,
    missingkey: chooser.pick(['default', 'default', 'zero', 'error']),
    ...(chooser.percent(25) ? { numbers: 'int64' } : {}),
    ...(delimiters === undefined ? {} : { delims: delimiters }),
  };
}

function data(chooser: Chooser): JsonValue {
  if (chooser.percent(3)) return chooser.pick(VALUES);
  const shared: JsonObject = { ...(SHARED_DATA as JsonObject) };
  if (chooser.percent(60)) return shared;
  for (const key of Object.keys(shared)) if (chooser.percent(20)) shared[key] = chooser.pick(VALUES);
  return shared;
}

/** The text with one or two pieces put in, taken out or written twice. */
function breakText(chooser: Chooser, text: string): string {
  let broken = [...text];
  for (let i = chooser.below(2); i >= 0; i--) {
    const at = chooser.below(broken.length + 1);
    const length = chooser.pick([0, 0, 0, 1, 1, 2, 5]);
    const piece = chooser.percent(length === 0 ? 100 : 30) ? [...chooser.pick(PIECES)] : [];
    broken = [...broken.slice(0, at), ...piece, ...broken.slice(at + length)];
  }
  return broken.join('');
}
