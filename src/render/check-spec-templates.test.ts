import assert from 'node:assert/strict';
import type { Element } from '../api/element.ts';
import type { JsonObject } from '../lib/json.ts';
import { checkTemplates } from './check-templates.ts';

const PATH = ['spec', 'generators', 0, 'api'];

/** A set with this spec of its generator. */
const setOf = (api: JsonObject, annotations = {}) => ({
  metadata: { name: 'set', namespace: 'apps', annotations },
  spec: { generators: [{ api }], templates: [] },
});

function messages(api: JsonObject, elements?: readonly Element[], annotations = {}): string[] {
  try {
    checkTemplates({ set: setOf(api, annotations) }, [{ path: PATH, ...(elements && { elements }) }]);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

describe('checkTemplates, of templates in specs of generators', () => {
  const good: [what: string, api: JsonObject, elements?: Element[]][] = [
    ['templates of elements that are not known', { url: '{{ .Element.anything }}' }],
    ['fields that all have', { url: '{{ .Element.a }}' }, [{ a: 1 }, { a: null }]],
    ['the set', { url: '{{ .GeneratorSet.Name }}{{ .GitOpsSet.Namespace }}' }, [{}]],
    ['no elements at all', { url: '{{ .Element.a }}' }, []],
    [
      'what changes its element',
      { a: '{{ $_ := unset .Element "x" }}', b: '{{ .Element.y }}' },
      [{ x: 1, y: 2 }],
    ],
  ];
  for (const [what, api, elements] of good) {
    it(`takes ${what}`, () => assert.deepEqual(messages(api, elements), []));
  }

  it('reports every leaf and key that does not parse', () => {
    const found = messages({ url: '{{ nothing }}', deep: [{ '{{ .Element.a': 'x' }] }, [{ a: 1 }]);
    assert.equal(found.length, 2);
    assert.match(found[0] ?? '', /^spec\.generators\[0\]\.api\.url: .*function "nothing" not defined/);
    assert.match(found[1] ?? '', /^spec\.generators\[0\]\.api\.deep\[0\]/);
  });

  it('reports each leaf once, with what was meant', () => {
    const found = messages({ url: '{{ .Element.hots }}', b: '{{ .Element.n }}' }, [
      { host: 'a', n: 1 },
      { host: 'b' },
      { host: 'c' },
    ]);
    assert.equal(found.length, 2);
    assert.match(found[0] ?? '', /api\.url: .*no entry for key "hots": did you mean "host"\?$/);
    assert.match(found[1] ?? '', /api\.b: .*no entry for key "n"/);
  });

  it('knows what a run would not: there is no index', () =>
    assert.match(messages({ url: '{{ .ElementIndex }}' }, [{}])[0] ?? '', /"ElementIndex"/));

  it('has the delimiters of the set', () => {
    const annotations = { 'generatorset.dev/delimiters': '[[,]]' };
    assert.deepEqual(messages({ url: '{{ nothing }}' }, [{}], annotations), []);
    assert.equal(messages({ url: '[[ nothing ]]' }, [{}], annotations).length, 1);
  });
});
