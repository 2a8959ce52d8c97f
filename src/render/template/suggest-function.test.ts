import assert from 'node:assert/strict';
import { processorTime } from '../../../test/harness/processor-time.ts';
import type { FunctionProfile } from '../functions/profiles.ts';
import { compileTemplate, type TemplateOptions } from './compile-template.ts';

/** A misspelt function, and the one that was meant, if any is near. */
const NAMES: readonly [name: string, meant?: string][] = [
  ['uper', 'upper'],
  ['toyaml', 'toYaml'],
  ['to_json', 'toJson'],
  ['regex_replace_all', 'regexReplaceAll'],
  ['gen_self_signed_cert', 'genSelfSignedCert'],
  ['zzz'],
  ['foo'],
  ['nothing'],
  ['u'.repeat(10_000)],
];

function refusal(text: string, options?: Partial<TemplateOptions>): string {
  try {
    compileTemplate(text, { name: 't', ...options });
  } catch (error) {
    return (error as Error).message.replace(/^template: t:[\d:]+ /, '');
  }
  throw new Error('the template is right');
}

describe('a function that does not exist', () => {
  for (const [name, meant] of NAMES) {
    const hint = meant === undefined ? '' : `: did you mean "${meant}"?`;
    it(`${name.slice(0, 20)} is told ${meant === undefined ? 'of no other' : `of ${meant}`} in both dialects`, () => {
      const go = refusal(`{{ ${name} 1 }}`);
      assert.ok(go.endsWith(` not defined${hint}`), go);
      const handlebars = refusal(`{{${name} 1}}`, { dialect: 'handlebars' });
      assert.ok(handlebars.endsWith(` not defined${hint}`), handlebars);
    });
  }

  it('has its own reason where it is known from elsewhere', () => {
    assert.match(refusal('{{ env "X" }}'), /^function "env" not defined: templates read no environment/);
  });

  for (const functions of [
    'none',
    'sprig',
    'gitopssets',
    'applicationset',
    'helm',
  ] satisfies FunctionProfile[]) {
    it(`is refused in Go's words under ${functions}`, () => {
      assert.equal(refusal('{{ uperr .x }}', { functions }), 'function "uperr" not defined');
    });
  }

  it('costs little, however many there are', () => {
    const start = processorTime();
    for (let i = 0; i < 1000; i++) refusal(`{{ durationRound${'x'.repeat(i % 19)}${i} }}`);
    assert.ok(processorTime() - start < 2000);
  });
});
