import assert from 'node:assert/strict';
import { renderCase } from '../../../test/harness/render-case.ts';
import { FUNCTION_PROFILES, type FunctionProfile, functionsOf } from './profiles.ts';

const HELM = [
  'toToml',
  'mustToToml',
  'fromToml',
  'mustToYaml',
  'toYamlPretty',
  'fromJsonArray',
  'durationSeconds',
];
const OURS = ['quantity', 'bytes', 'roundUp', 'toQuantity', 'fromQuantity', 'typed'];

/** Names and the profiles, besides our own, that have them. */
const ONLY_IN: [names: readonly string[], profiles: readonly FunctionProfile[]][] = [
  [
    ['len', 'printf', 'and'],
    ['none', 'sprig', 'gitopssets', 'applicationset', 'helm'],
  ],
  [
    ['upper', 'toJson', 'urlParse'],
    ['sprig', 'gitopssets', 'applicationset', 'helm'],
  ],
  [
    ['sha256sum', 'base', 'osIsAbs', 'derivePassword'],
    ['sprig', 'applicationset', 'helm'],
  ],
  [['toYaml'], ['sprig', 'gitopssets', 'applicationset', 'helm']],
  [
    ['sanitize', 'getordefault'],
    ['sprig', 'gitopssets'],
  ],
  [
    ['fromYaml', 'fromYamlArray'],
    ['sprig', 'applicationset', 'helm'],
  ],
  [['required'], ['sprig', 'helm']],
  [['slugify', 'normalize'], ['applicationset']],
  [HELM, ['helm']],
  [OURS, []],
];

describe('profiles', () => {
  for (const [names, profiles] of ONLY_IN) {
    it(`have ${names.join(', ')} in ${profiles.join(', ') || 'none but ours'}`, () => {
      for (const profile of FUNCTION_PROFILES) {
        const table = functionsOf(profile, 'go');
        const expected = profile === 'generatorset' || profiles.includes(profile);
        for (const name of names) assert.equal(table.has(name), expected, `${name} in ${profile}`);
      }
    });
  }

  it('are all contained in our own', () => {
    const ours = functionsOf('generatorset', 'exact');
    for (const profile of FUNCTION_PROFILES) {
      for (const name of functionsOf(profile, 'exact').keys()) assert.ok(ours.has(name), name);
    }
  });

  it('say why a function of Helm or Sprig has no place here', () => {
    for (const [name, reason] of [
      ['include', /function "include" not defined: a template here is no part of a chart; write/],
      ['tpl', /function "tpl" not defined: .*; write the text into this template$/],
      ['lookup', /function "lookup" not defined: templates ask no cluster; use a generator/],
      ['env', /function "env" not defined: templates read no environment/],
    ] as const) {
      for (const funcs of FUNCTION_PROFILES) {
        assert.throws(() => renderCase(`{{ ${name} "x" . }}`, {}, { funcs }), reason);
      }
    }
  });

  it('fail with the words of the template', () => {
    for (const funcs of ['helm', 'generatorset']) {
      for (const template of ['{{ fail "no image" }}', '{{ required "no image" "" }}']) {
        assert.throws(() => renderCase(template, {}, { funcs }), /: no image$/);
      }
      assert.equal(renderCase('{{ required "no image" 0 }}', {}, { funcs }), '0');
    }
  });
});
