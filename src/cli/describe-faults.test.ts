import assert from 'node:assert/strict';
import { compileTemplate, TemplateError } from '../render/template/compile-template.ts';
import { describeFaults } from './describe-faults.ts';

/** What is said of a template that fails on an empty object. */
function describeText(text: string): string[] {
  try {
    compileTemplate(text, { name: 't' }).render({});
  } catch (error) {
    assert.ok(error instanceof TemplateError);
    return describeFaults(error, 'x.tpl', text).map(({ message }) => message);
  }
  throw new Error('the template is right');
}

const CASES: readonly [name: string, text: string, messages: string[]][] = [
  [
    'the place of a fault while it runs',
    'a {{ .b }}',
    ['x.tpl:1:6: map has no entry for key "b"\n    a {{ .b }}\n         ^'],
  ],
  [
    'the line of a template of several, with its tabs and without its carriage return',
    'a\r\n\té {{ .b }}\r\nc',
    ['x.tpl:2:7: map has no entry for key "b"\n    \té {{ .b }}\n    \t     ^'],
  ],
  [
    'a caret below characters of two columns',
    '\u{1F600}{{ .b }}',
    ['x.tpl:1:5: map has no entry for key "b"\n    \u{1F600}{{ .b }}\n         ^'],
  ],
  [
    'every call that needs permission',
    '{{ now }}\n{{ uuidv4 }}',
    [
      'x.tpl:1:4: now gives another value at every render, so every pass would commit: set spec.allowNonDeterministic: true to use it, or pass the value as an element\n    {{ now }}\n       ^',
      'x.tpl:2:4: uuidv4 gives another value at every render, so every pass would commit: set spec.allowNonDeterministic: true to use it, or pass the value as an element\n    {{ uuidv4 }}\n       ^',
    ],
  ],
  [
    'no place where the whole template is refused',
    'x'.repeat(4 * 1024 * 1024 + 1),
    ['x.tpl: template is larger than 4194304 characters'],
  ],
];

describe('faults of a template on the command line', () => {
  for (const [name, text, messages] of CASES) {
    it(`show ${name}`, () => {
      assert.deepEqual(describeText(text), messages);
    });
  }

  it('show a long line around the column', () => {
    const [message = ''] = describeText(`${'a'.repeat(1000)}{{ .b }}${'c'.repeat(1000)}`);
    const [, line = '', caret = ''] = message.split('\n');
    assert.equal(line.length, 4 + 160);
    assert.ok(line.slice(caret.indexOf('^')).startsWith('.b }}ccc'));
  });
});
