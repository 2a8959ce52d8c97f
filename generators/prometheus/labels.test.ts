import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson } from '../../src/lib/json.ts';
import { findSelectors } from '../../src/lib/promql.ts';
import { canonicalLabels, type Labels, labelsKey, pickLabels, showLabels } from './labels.ts';

const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/).filter((text) => text !== '__proto__');
const labels = fc.dictionary(name, fc.string()).map((object): Labels => ({ ...object }));

describe('the labels of a series', () => {
  const texts: [Labels, string][] = [
    [{}, '{}'],
    [{ pod: 'a' }, '{pod="a"}'],
    [{ b: '1', a: '2', __name__: 'up' }, '{__name__="up",a="2",b="1"}'],
    [{ a: 'x"y\\z\n' }, '{a="x\\"y\\\\z\\n"}'],
    [{ 'service.name': 'x' }, '{"service.name"="x"}'],
    [{ constructor: 'x', toString: 'y' } as unknown as Labels, '{constructor="x",toString="y"}'],
  ];
  for (const [object, text] of texts) {
    it(`are written as ${text}`, () => assert.equal(canonicalLabels(object), text));
  }

  it('have one text whatever their order, and one of their own', () => {
    fc.assert(
      fc.property(labels, labels, (one, other) => {
        const reversed = Object.fromEntries(Object.entries(one).reverse());
        assert.equal(canonicalLabels(reversed), canonicalLabels(one));
        const same = canonicalLabels(one) === canonicalLabels(other);
        const sorted = (object: Labels) => JSON.stringify(Object.entries(object).sort());
        assert.equal(same, sorted(one) === sorted(other));
      }),
    );
  });

  it('are a selector of PromQL where names are plain', () => {
    const text = canonicalLabels({ job: 'api', pod: 'a-\\d"' });
    assert.deepEqual(findSelectors(text), [text]);
  });

  it('give a key of at most 253 characters, one for each set of labels', () => {
    const long = (end: string) => ({ pod: `${'x'.repeat(300)}${end}` });
    assert.equal(labelsKey({ pod: 'a' }), '{pod="a"}');
    assert.equal(labelsKey(long('a')).length, 253);
    assert.notEqual(labelsKey(long('a')), labelsKey(long('b')));
    assert.equal(labelsKey(long('a')), labelsKey(long('a')));
    assert.ok(labelsKey({ pod: '🙂'.repeat(200) }).isWellFormed());
  });

  it('are picked by name; those that are missing or empty are left out', () => {
    const series = parseJson('{"pod": "a", "zone": "", "constructor": "c"}') as Labels;
    assert.deepEqual(pickLabels(series, ['pod', 'zone', 'node', 'constructor', 'toString']), {
      pod: 'a',
      constructor: 'c',
    });
  });

  it('are cut for messages', () => assert.equal(showLabels({ a: 'x'.repeat(500) }).length, 123));
});
