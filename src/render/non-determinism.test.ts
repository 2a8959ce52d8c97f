import assert from 'node:assert/strict';
import { fixedAmbient } from '../../test/harness/ambient.ts';
import type { GeneratedElement } from '../api/element.ts';
import { createYamlSource } from '../api/yaml-source.ts';
import type { JsonObject } from '../lib/json.ts';
import { parseYamlDocuments } from '../lib/yaml.ts';
import { checkTemplates } from './check-templates.ts';
import { withAmbient } from './functions/ambient.ts';
import { functionsOf } from './functions/profiles.ts';
import { render } from './render.ts';
import { compileTemplate, type TemplateError } from './template/compile-template.ts';
import type { TemplateSet } from './template-set.ts';

const MARKED = [
  ...['ago', 'bcrypt', 'encryptAES', 'genCA', 'genCAWithKey', 'genPrivateKey', 'genSelfSignedCert'],
  ...['genSelfSignedCertWithKey', 'genSignedCert', 'genSignedCertWithKey', 'htpasswd', 'now'],
  ...['randAlpha', 'randAlphaNum', 'randAscii', 'randBytes', 'randInt', 'randNumeric', 'shuffle', 'uuidv4'],
];

const element: GeneratedElement = { element: { name: 'a' }, index: 0, generator: 0, generatorName: 'list' };

const FILE = `metadata:
  name: set
  namespace: flux-system
spec:
  elementKey: "{{ .Element.name }}{{ uuidv4 }}"
  templates:
    - content:
        kind: Secret
        data:
          token: "x{{ randAlpha 5 }}{{ now }}"
          "{{ randNumeric 2 }}": y
    - text: |
        kind: Secret
        {{ if true }}
        token: {{ shuffle "abc" }}
        {{ end }}
`;

/** The set as it is read, with its places. */
function readSet(text: string) {
  const [yaml = assert.fail()] = parseYamlDocuments(text);
  return { set: yaml.value as unknown as TemplateSet, source: createYamlSource('set.yaml', text, { yaml }) };
}

function createSet(data: JsonObject): TemplateSet {
  const content = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Element.name }}' }, data };
  return {
    metadata: { name: 'set', namespace: 'flux-system' },
    spec: { allowNonDeterministic: true, templates: [{ content }] },
  };
}

describe('functions that give another value at every render', () => {
  it('are all marked', () => {
    const marked = [...functionsOf('generatorset', 'exact').values()].filter((def) => def.isNonDeterministic);
    assert.deepEqual(marked.map((def) => def.name).sort(), [...MARKED].sort());
  });

  it('are refused where they stand', () => {
    assert.throws(
      () => compileTemplate('a\n  {{ with 1 }}{{ randAlpha 5 | upper }}{{ end }}', { name: 't' }),
      (error: TemplateError) => {
        assert.equal(
          error.message,
          'template: t:2: randAlpha gives another value at every render, so every pass would commit: ' +
            'set spec.allowNonDeterministic: true to use it, or pass the value as an element',
        );
        assert.deepEqual([error.phase, error.line, error.column], ['parse', 2, 18]);
        return true;
      },
    );
  });

  it('are refused also in templates that are only defined, and all of them', () => {
    const text = '{{ define "x" }}{{ now }}{{ end }}{{ if false }}{{ uuidv4 }}{{ end }}';
    assert.throws(
      () => compileTemplate(text, { name: 't' }),
      (error: TemplateError) => error.others.length === 1 && /uuidv4/.test(error.others[0]?.reason ?? ''),
    );
  });

  it('are told of all at once, each with its place in the file', () => {
    assert.throws(
      () => checkTemplates(readSet(FILE)),
      ({ message }: Error) => {
        const told = message.match(/set\.yaml:\d+:\d+: \w+ gives another value/g);
        assert.deepEqual(told, [
          'set.yaml:10:23: randAlpha gives another value',
          'set.yaml:10:40: now gives another value',
          'set.yaml:11:15: randNumeric gives another value',
          'set.yaml:15:19: shuffle gives another value',
          'set.yaml:5:38: uuidv4 gives another value',
        ]);
        return true;
      },
    );
  });

  it('may be called by a set with permission', () => {
    const { set, source } = readSet(FILE.replace('spec:', 'spec:\n  allowNonDeterministic: true'));
    assert.doesNotThrow(() => checkTemplates({ set, source }));
  });

  it('have their clock and bytes handed in, and give the same from the same', () => {
    const set = createSet({ token: '{{ randAlpha 8 }}', id: '{{ uuidv4 }}' });
    const renderOnce = (seed: number) =>
      withAmbient(fixedAmbient(seed), () => render({ set, elements: [element] }))[0]?.resource;
    assert.deepEqual(renderOnce(1), renderOnce(1));
    assert.notDeepEqual(renderOnce(1), renderOnce(2));
    assert.throws(() => render({ set, elements: [element] }), /no clock and no randomness here/);
  });

  it('may be rendered once more for what they read, after the render is over', () => {
    const set = createSet({
      token: '{{ .Element.name }}{{ randAlpha 8 }}',
      '{{ randAlpha 4 }}': '{{ .Element.name }}',
      lucky: '{{ .Element.name }}{{ if eq (randInt 0 3) 0 }}{{ fail "unlucky" }}{{ end }}',
    });
    const renderSeed = (seed: number) =>
      withAmbient(fixedAmbient(seed), () => render({ set, elements: [element] }));
    const seeds = Array.from({ length: 60 }, (_, seed) => seed);
    const rendered = seeds.flatMap((seed) => {
      try {
        return renderSeed(seed);
      } catch {
        return [];
      }
    });
    assert.ok(rendered.length > 20 && rendered.length < 60);
    for (const { reads } of rendered) {
      const read = [{ path: '.Element.name', value: 'a' }];
      assert.deepEqual(reads(['data', 'token']), read);
      assert.deepEqual(reads(['data', 'lucky']), read);
      assert.deepEqual(reads(['data', 'nothing']), []);
    }
  });
});

describe('functions that exist nowhere', () => {
  const reasons: [name: string, reason: RegExp][] = [
    ['env', /function "env" not defined: templates read no environment, so pass the value as an element$/],
    ['expandenv', /function "expandenv" not defined: templates read no environment/],
    ['getHostByName', /function "getHostByName" not defined: templates ask no network/],
    ['nothing', /function "nothing" not defined$/],
  ];
  for (const functions of ['generatorset', 'gitopssets', 'sprig', 'none'] as const) {
    for (const [name, reason] of reasons) {
      it(`${name} is refused in the profile ${functions}, with its reason`, () => {
        const options = { name: 't', functions, allowNonDeterministic: true };
        assert.throws(() => compileTemplate(`{{ ${name} "HOME" }}`, options), reason);
      });
    }
  }
});
