import assert from 'node:assert/strict';
import Handlebars from 'handlebars';
import type { FunctionDef } from '../functions/function-def.ts';
import { type FunctionProfile, functionsOf } from '../functions/profiles.ts';
import { compileTemplate } from './compile-template.ts';

const TEMPLATE =
  '{{ range .list }}{{ print . | len }}{{ if gt (len .) 1 }}{{ printf "%q" . }}{{ end }}{{ end }}';
const data = { list: ['a', 'bb', 'ccc'] };

/** Counts every look into a table while an action runs. */
function countLooks(table: ReadonlyMap<string, FunctionDef>, action: () => void): number {
  let looks = 0;
  const methods = ['get', 'has', 'keys', 'values', 'entries', 'forEach', Symbol.iterator] as const;
  for (const name of methods) {
    const method = table[name] as (...args: unknown[]) => unknown;
    const value = (...args: unknown[]) => {
      looks++;
      return method.apply(table, args);
    };
    Object.defineProperty(table, name, { value, configurable: true });
  }
  try {
    action();
  } finally {
    for (const name of methods) Reflect.deleteProperty(table, name);
  }
  return looks;
}

describe('functions that a template does not call', () => {
  const profiles: FunctionProfile[] = ['none', 'generatorset'];
  const looksAt = (profile: FunctionProfile, action: () => void) =>
    countLooks(functionsOf(profile, 'exact'), action);

  it('are not looked at when it is rendered', () => {
    for (const functions of profiles) {
      const program = compileTemplate(TEMPLATE, { name: `at-render-${functions}`, functions });
      assert.equal(program.render(data), '12"bb"3"ccc"');
      assert.equal(
        looksAt(functions, () => program.render(data)),
        0,
      );
    }
  });

  it('cost nothing when it is compiled', () => {
    const looks = profiles.map((functions) =>
      looksAt(functions, () => {
        compileTemplate(TEMPLATE, { name: `at-compile-${functions}`, functions }).render(data);
      }),
    );
    assert.ok((looks[0] as number) > 0);
    assert.equal(looks[0], looks[1]);
  });

  it('do not reach Handlebars, which copies all helpers at every call', () => {
    const before = Object.keys(Handlebars.helpers);
    compileTemplate(TEMPLATE, { name: 'no-helpers' }).render(data);
    assert.deepEqual(Object.keys(Handlebars.helpers), before);
  });
});
