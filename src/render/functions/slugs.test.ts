import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderCase } from '../../../test/harness/render-case.ts';

describe('slugify and normalize', () => {
  const known: [template: string, output: string, applicationSet?: string][] = [
    ['{{ slugify "Feature/ABC-123_x" }}', 'feature-abc-123-x'],
    ['{{ slugify "v1.2 -- beta" }}', 'v1-2-beta'],
    ['{{ slugify "  --x--  " }}', 'x'],
    [
      '{{ slugify "a very long name of a branch that somebody pushed yesterday" }}',
      'a-very-long-name-of-a-branch-that-somebody-pushed',
    ],
    ['{{ slugify 10 "feature branch" }}', 'feature'],
    ['{{ slugify 14 "feature branch" }}', 'feature-branch'],
    ['{{ slugify 7 "feature branch" }}', 'feature'],
    ['{{ slugify 4 "feature branch" }}', 'feat'],
    ['{{ slugify 10 false "feature branch" }}', 'feature-br'],
    ['{{ slugify 8 false "feature branch" }}', 'feature'],
    ['{{ slugify 0 "feature branch" }}', 'feature-branch'],
    ['{{ "Some Text" | slugify 23 true }}', 'some-text'],
    ['{{ slugify }}|{{ slugify "" }}|{{ slugify "!!" }}', '||'],
    ['{{ slugify "Zürich Straße Łódź" }}', 'zurich-strasse-lodz', 'z-rich-stra-e-d'],
    ['{{ slugify "ﬁne ½ №1" }}', 'fine-1-2-no1', 'ne-1'],
    ['{{ slugify "日本" }}', ''],
    ['{{ normalize "Feature/X_y.Z." }}', 'feature-x-y.z'],
    ['{{ normalize "-.a😀b.-" }}', 'a-b'],
    ['{{ normalize (repeat 300 "a") | len }} {{ normalize (repeat 100000 "é") | len }}', '253 0'],
  ];
  for (const [template, output, applicationSet = output] of known) {
    it(`give ${output} for ${template}`, () => {
      assert.equal(renderCase(template), output);
      assert.equal(renderCase(template, {}, { funcs: 'applicationset', numbers: 'go' }), applicationSet);
    });
  }

  const refused: [template: string, says: RegExp][] = [
    ['{{ slugify 10 3 }}', /interface \{\} is float64, not string$|interface \{\} is int, not string$/],
    ['{{ slugify "10" "x" }}', /interface \{\} is string, not int$/],
    ['{{ slugify 10 "true" "x" }}', /interface \{\} is string, not bool$/],
    ['{{ slugify nil }}', /interface \{\} is nil, not string$/],
    ['{{ slugify -1 "x" }}', /write slugify 50 true "Some text"$/],
  ];
  for (const [template, says] of refused) {
    it(`refuse ${template}`, () => assert.throws(() => renderCase(template), says));
  }

  it('take a JSON number for a length under exact numbers alone', () => {
    assert.equal(renderCase('{{ slugify .n "abc def" }}', { n: 3 }), 'abc');
    assert.throws(
      () => renderCase('{{ slugify .n "abc" }}', { n: 3 }, { funcs: 'applicationset', numbers: 'go' }),
      /interface \{\} is float64, not int$/,
    );
  });

  it('make a DNS label of any text, and the same one of it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.integer({ min: 1, max: 63 }),
        (text, max) => {
          const slug = renderCase('{{ slugify .max .text }}', { text, max });
          assert.match(slug, /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)?$/);
          assert.ok(slug.length <= max);
          assert.equal(renderCase('{{ slugify .max .slug }}', { slug, max }), slug);
        },
      ),
    );
  });
});
